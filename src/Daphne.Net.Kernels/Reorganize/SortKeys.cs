using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>
/// Cells as unsigned numbers of the same order, so that one radix sort serves every value type. Among floats -0 equals 0, and nan comes last whether
/// the order is ascending or descending: a missing value is neither large nor small.
/// </summary>
static unsafe class SortKeys
{
    /// <summary>keys[i] = the key of row rows[i] of a column; a smaller key comes first.</summary>
    public static void Fill<T>(DenseMatrix<T> x, long column, bool ascending, ulong* rows, ulong* keys) where T : unmanaged
    {
        T* cells = x.Cell0 + column;
        for (long i = 0; i < x.Rows; i++)
        {
            T cell = cells[(long)rows[i] * x.Cols];
            ulong key = Of(cell);
            keys[i] = Condition.IsNan(cell) ? ulong.MaxValue : ascending ? key : ~key;
        }
    }

    /// <summary>The key of one cell that is no nan, ascending.</summary>
    public static ulong Of<T>(T cell) where T : unmanaged
    {
        if (typeof(T) == typeof(double) || typeof(T) == typeof(float))
        {
            // Every f32 is an f64. Negative floats are ordered by their complement; adding 0.0 turns -0 into 0.
            ulong bits = BitConverter.DoubleToUInt64Bits(CastCell.Convert<T, double>(cell) + 0.0);
            return (long)bits < 0 ? ~bits : bits | 1UL << 63;
        }
        if (typeof(T) == typeof(ulong)) return CastCell.Convert<T, ulong>(cell);
        return (ulong)CastCell.Convert<T, long>(cell) ^ 1UL << 63;
    }
}
