namespace Daphne.Net.Kernels;

/// <summary>What is made of the cells of a group.</summary>
public enum GroupAggregate
{
    /// <summary>How many there are.</summary>
    Count,
    /// <summary>Their sum.</summary>
    Sum,
    /// <summary>The smallest one.</summary>
    Min,
    /// <summary>The largest one.</summary>
    Max,
    /// <summary>Their mean.</summary>
    Mean,
}
