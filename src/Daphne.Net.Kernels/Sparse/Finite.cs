using System.Numerics;
using System.Runtime.Intrinsics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>Whether zero annihilates: zero times infinity or nan is nan, and a cell that is not stored would not become it.</summary>
static unsafe class Finite
{
    /// <summary>True if no cell is infinite or nan. Integers always are finite.</summary>
    public static bool All<T>(T* cells, long count) where T : unmanaged, INumber<T>
    {
        if (typeof(T) != typeof(double) && typeof(T) != typeof(float)) return true;
        // x - x is zero for every finite x, else nan; nan stays in a sum.
        long i = 0;
        var lanes = Vector256<T>.Zero;
        for (; i <= count - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            var x = Vector256.Load(cells + i);
            lanes += x - x;
        }
        T rest = Vector256.Sum(lanes);
        for (; i < count; i++) rest += cells[i] - cells[i];
        return rest == T.Zero;
    }

    public static bool All<T>(DenseMatrix<T> x) where T : unmanaged, INumber<T> => All(x.Cell0, x.Cells);

    public static bool All<T>(CsrMatrix<T> x) where T : unmanaged, INumber<T> => All(x.Values + x.Offsets[0], x.Stored);
}
