namespace Daphne.Net.Kernels;

/// <summary>
/// Where sums over many rows are cut. A product down the rows (t(X) @ X, t(X) @ y) adds strips of this many rows one after the other:
/// whoever computes strips on several threads, or in several processes, and adds the parts in ascending order gets the same bits as one thread. Borders of
/// strips are also borders of <see cref="ReductionBlocks"/>.
/// </summary>
public static class RowStrips
{
    /// <summary>Rows of a strip. 2048: long enough that adding the parts costs nothing, short enough that 20 000 rows keep several threads busy.</summary>
    public const int Rows = 2048;
}
