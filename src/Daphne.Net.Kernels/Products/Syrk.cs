using System.Numerics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>Products of a matrix with its own transpose: exactly symmetric, bit for bit what the general product gives.</summary>
public static class Syrk
{
    /// <summary>t(x) @ x if <paramref name="turnFirst"/>, else x @ t(x).</summary>
    public static DenseMatrix<T> Apply<T>(DenseMatrix<T> x, bool turnFirst) where T : unmanaged, INumber<T> => MatMul.Apply(x, x, turnFirst, !turnFirst);
}
