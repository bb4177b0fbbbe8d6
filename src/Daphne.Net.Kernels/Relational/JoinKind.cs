namespace Daphne.Net.Kernels;

/// <summary>Which rows a join keeps.</summary>
public enum JoinKind
{
    /// <summary>Pairs of rows that match.</summary>
    Inner,
    /// <summary>And left rows without match.</summary>
    LeftOuter,
    /// <summary>Pairs, and right rows without match.</summary>
    RightOuter,
    /// <summary>Pairs, left rows and right rows without match.</summary>
    FullOuter,
    /// <summary>Left rows with a match, each once.</summary>
    Semi,
    /// <summary>Left rows without match.</summary>
    Anti,
}
