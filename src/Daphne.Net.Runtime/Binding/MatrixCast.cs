using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Dense matrices from one value type to another.</summary>
static class MatrixCast
{
    /// <summary>True if the two value types have the same cells: sizes are stored as ui64.</summary>
    public static bool SameStorage(ValueTypeCode a, ValueTypeCode b) => Stored(a) == Stored(b);

    /// <summary>What makes a matrix of <typeparamref name="T"/> of one of <paramref name="from"/>; the result is new.</summary>
    public static Func<Matrix, DenseMatrix<T>> To<T>(ValueTypeCode from) where T : unmanaged => DenseMatrix.Dispatch<Pair<T>, Func<Matrix, DenseMatrix<T>>>(from, new());

    static ValueTypeCode Stored(ValueTypeCode code) => code == ValueTypeCode.Size ? ValueTypeCode.UI64 : code;

    readonly struct Pair<T> : IStorageVisitor<Func<Matrix, DenseMatrix<T>>> where T : unmanaged
    {
        public Func<Matrix, DenseMatrix<T>> Visit<TFrom>() where TFrom : unmanaged
        {
            return x =>
            {
                var result = DenseMatrix<T>.Allocate(x.Rows, x.Cols);
                Casts.Apply((DenseMatrix<TFrom>)x, result);
                return result;
            };
        }
    }
}
