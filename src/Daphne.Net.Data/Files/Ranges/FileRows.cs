namespace Daphne.Net.Data;

/// <summary>Some rows of a file, counted from 0.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">How many.</param>
public readonly record struct FileRows(long First, long Count)
{
    /// <summary>True if the row is one of them.</summary>
    public bool Has(long row) => (ulong)(row - First) < (ulong)Count;
}
