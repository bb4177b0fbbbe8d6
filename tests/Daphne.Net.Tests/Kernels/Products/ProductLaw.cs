using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

/// <summary>The law of product cells, written out with scalars: blocks of 512 terms within strips of 2048, everything in ascending order.</summary>
static class ProductLaw
{
    public static T Cell<T>(long terms, Func<long, T> left, Func<long, T> right) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T total = T.Zero;
        for (long strip = 0; strip < terms; strip += RowStrips.Rows)
        {
            T sum = T.Zero;
            for (long block = strip; block < Math.Min(terms, strip + RowStrips.Rows); block += PackedProduct.BlockDepth)
            {
                T part = T.Zero;
                for (long k = block; k < Math.Min(terms, block + PackedProduct.BlockDepth); k++) part = T.FusedMultiplyAdd(left(k), right(k), part);
                sum = block == strip ? part : sum + part;
            }
            total = strip == 0 ? sum : total + sum;
        }
        return total;
    }

    public static DenseMatrix<T> Product<T>(DenseMatrix<T> a, DenseMatrix<T> b, bool turnA, bool turnB) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] x = a.ToArray(), y = b.ToArray();
        return RandomMatrices.Build(turnA ? a.Cols : a.Rows, turnB ? b.Rows : b.Cols, (i, j) => Cell(turnA ? a.Rows : a.Cols,
            k => turnA ? x[k * a.Cols + i] : x[i * a.Cols + k],
            k => turnB ? y[j * b.Cols + k] : y[k * b.Cols + j]));
    }
}
