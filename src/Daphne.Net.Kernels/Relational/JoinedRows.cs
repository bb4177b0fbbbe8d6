using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>
/// The rows of a join, as positions: row i of the result is row <c>Left[i]</c> beside row <c>Right[i]</c>, <see cref="GatherRows.None"/> where there is none.
/// </summary>
public sealed class JoinedRows : IDisposable
{
    internal JoinedRows(DenseMatrix<long> left, DenseMatrix<long>? right) => (Left, Right) = (left, right);

    /// <summary>Positions in the left table, as a column. These rows keep owning it.</summary>
    public DenseMatrix<long> Left { get; }

    /// <summary>Positions in the right table; null for <see cref="JoinKind.Semi"/> and <see cref="JoinKind.Anti"/>, which have none.</summary>
    public DenseMatrix<long>? Right { get; }

    /// <summary>Number of rows of the result.</summary>
    public long Count => Left.Rows;

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        Left.Release();
        Right?.Release();
    }
}
