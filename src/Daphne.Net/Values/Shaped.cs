namespace Daphne.Net;

/// <summary>Cells of the caller with a shape: a matrix argument that is not copied. The memory is never written and must not change during the run.</summary>
/// <param name="Cells">The cells, row by row; exactly rows * columns of them.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Cols">Number of columns.</param>
public readonly record struct Shaped<T>(ReadOnlyMemory<T> Cells, long Rows, long Cols) : IShaped where T : unmanaged
{
    Data.DataObject IShaped.Borrow() => Data.DenseMatrix<T>.Borrow(Cells, Rows, Cols);
}

interface IShaped
{
    Data.DataObject Borrow();
}
