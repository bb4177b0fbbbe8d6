using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>What decompositions ask of their operand.</summary>
static unsafe class DecompositionOperand
{
    /// <summary>Raises unless the matrix is square and equals its transpose; the message names the first cell that does not.</summary>
    public static void RequireSymmetric<T>(string function, DenseMatrix<T> a) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (a.Rows != a.Cols) throw Diag.NotSquare.Raise(function, a.Shape());
        if (Symmetry.Holds(a)) return;
        for (long i = 0; i < a.Rows; i++)
            for (long j = 0; j < i; j++)
                if (a[i, j] != a[j, i]) throw Diag.NotSymmetric.Raise(function, a.Shape(), i, j, a[i, j], a[j, i]);
    }

    /// <summary>Raises if a cell is nan or infinite: iterations would not end.</summary>
    public static void RequireFinite<T>(string function, DenseMatrix<T> a, T largest) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!T.IsFinite(largest)) throw Diag.NotFinite.Raise(function, a.Shape());
    }
}
