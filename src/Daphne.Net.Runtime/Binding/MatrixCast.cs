using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Dense matrices from one value type to another.</summary>
static class MatrixCast
{
    // As much as eight multiply-adds: a cell comes from memory and goes there.
    const long Work = 8;

    /// <summary>True if the two value types have the same cells: sizes are stored as ui64.</summary>
    public static bool SameStorage(ValueTypeCode a, ValueTypeCode b) => Stored(a) == Stored(b);

    /// <summary>What makes a matrix of <typeparamref name="T"/> of one of <paramref name="from"/>; the result is new.</summary>
    public static Func<Matrix, DenseMatrix<T>> To<T>(ValueTypeCode from) where T : unmanaged
    {
        var cast = ByRows<T>(from);
        return x => cast(null, x);
    }

    /// <summary>The same on all threads of a run, and so that it can be cancelled.</summary>
    public static Func<RunContext?, Matrix, DenseMatrix<T>> ByRows<T>(ValueTypeCode from) where T : unmanaged => DenseMatrix.Dispatch<Pair<T>, Func<RunContext?, Matrix, DenseMatrix<T>>>(from, new());

    static ValueTypeCode Stored(ValueTypeCode code) => code == ValueTypeCode.Size ? ValueTypeCode.UI64 : code;

    readonly struct Pair<T> : IStorageVisitor<Func<RunContext?, Matrix, DenseMatrix<T>>> where T : unmanaged
    {
        public Func<RunContext?, Matrix, DenseMatrix<T>> Visit<TFrom>() where TFrom : unmanaged
        {
            return static (context, x) =>
            {
                var (source, result) = ((DenseMatrix<TFrom>)x, DenseMatrix<T>.Allocate(x.Rows, x.Cols));
                if (context is null)
                {
                    Casts.Apply(source, result);
                    return result;
                }
                try
                {
                    context.ByRows(x.Rows, x.Cols * Work, (first, count) =>
                    {
                        var (from, to) = (source.RowRange(first, count), result.RowRange(first, count));
                        Casts.Apply(from, to);
                        from.Release();
                        to.Release();
                    });
                    return result;
                }
                catch
                {
                    result.Release();
                    throw;
                }
            };
        }
    }
}
