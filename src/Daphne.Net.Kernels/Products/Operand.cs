using System.Runtime.CompilerServices;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>A matrix as a product reads it, maybe turned: cell (i, j) lies at Cell0 + i * RowStride + j * ColStride, and one of the strides is 1.</summary>
readonly unsafe struct Operand<T>(T* cell0, long rowStride, long colStride) where T : unmanaged
{
    public T* Cell0 => cell0;
    public long RowStride => rowStride;
    public long ColStride => colStride;

    /// <summary>The same matrix turned.</summary>
    public Operand<T> Turned => new(cell0, colStride, rowStride);

    public static Operand<T> Of(DenseMatrix<T> matrix, bool turned) =>
        turned ? new(matrix.Cell0, 1, matrix.Cols) : new(matrix.Cell0, matrix.Cols, 1);

    /// <summary>The part that begins at this cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Operand<T> From(long row, long col) => new(cell0 + row * rowStride + col * colStride, rowStride, colStride);

    public T this[long row, long col]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => cell0[row * rowStride + col * colStride];
    }
}
