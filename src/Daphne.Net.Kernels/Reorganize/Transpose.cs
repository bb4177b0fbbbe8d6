using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>Swaps rows and columns.</summary>
public static unsafe class Transpose
{
    // Rows turned together: 32 cells of 8 bytes are four cache lines written one after the other into each row of the result.
    const int StripRows = 32;

    /// <summary>The transposed matrix; of a row or a column a view over the same memory.</summary>
    public static DenseMatrix<T> Apply<T>(DenseMatrix<T> x) where T : unmanaged
    {
        if (x.Rows == 1 || x.Cols == 1 || x.Cells == 0) return x.Reshape(x.Cols, x.Rows);
        var result = DenseMatrix<T>.Allocate(x.Cols, x.Rows);
        Rows(x, result, 0, x.Rows);
        return result;
    }

    /// <summary>Writes rows first … first + count - 1 of <paramref name="x"/> as columns of <paramref name="result"/>; several threads may do a part each.</summary>
    public static void Rows<T>(DenseMatrix<T> x, DenseMatrix<T> result, long first, long count) where T : unmanaged
    {
        Block(x.Cell0 + first * x.Cols, x.Cols, result.Cell0 + first, result.Cols, count, x.Cols);
        GC.KeepAlive(x);
        GC.KeepAlive(result);
    }

    /// <summary>to[j * toStride + i] = from[i * fromStride + j] for a block of any size; strides are in cells.</summary>
    internal static void Block<T>(T* from, long fromStride, T* to, long toStride, long rows, long cols) where T : unmanaged
    {
        const int side = RegisterBlocks.Side;
        for (long r0 = 0; r0 < rows; r0 += StripRows)
        {
            long end = Math.Min(rows, r0 + StripRows), wholeRows = end - (end - r0) % side, wholeCols = cols - cols % side;
            for (long c = 0; c < wholeCols; c += side)
                for (long r = r0; r < wholeRows; r += side)
                    RegisterBlocks.Turn(from + r * fromStride + c, fromStride, to + c * toStride + r, toStride);
            RegisterBlocks.Edge(from + r0 * fromStride + wholeCols, fromStride, to + wholeCols * toStride + r0, toStride, wholeRows - r0, cols - wholeCols);
            RegisterBlocks.Edge(from + wholeRows * fromStride, fromStride, to + wholeRows, toStride, end - wholeRows, cols);
        }
    }
}
