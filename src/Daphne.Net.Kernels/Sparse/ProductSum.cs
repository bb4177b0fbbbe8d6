using System.Numerics;
using System.Runtime.CompilerServices;

namespace Daphne.Net.Kernels;

/// <summary>
/// One cell of a product, from the terms that are not zero, in ascending order of their number: added up as <see cref="PackedProduct"/> adds all of them,
/// in blocks within strips, so that the bits are the same (a block without terms is zero, and x + 0 is x).
/// </summary>
struct ProductSum<T> where T : unmanaged, INumber<T>
{
    T total, strip, block;
    int stripEnd, blockEnd;

    /// <summary>Adds term <paramref name="k"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int k, T a, T b)
    {
        if (k >= blockEnd) EndBlock(k);
        block = MultiplyAdd(a, b, block);
    }

    /// <summary>The sum of the terms added so far.</summary>
    public readonly T Total => total + (strip + block);

    // The borders wrap in the last block of 2^31 terms, which then ends with every term: only its rounding differs.
    void EndBlock(int k)
    {
        strip += block;
        block = T.Zero;
        blockEnd = (int)(k / PackedProduct.BlockDepth * PackedProduct.BlockDepth + PackedProduct.BlockDepth);
        if (k < stripEnd) return;
        total += strip;
        strip = T.Zero;
        stripEnd = k / RowStrips.Rows * RowStrips.Rows + RowStrips.Rows;
    }

    /// <summary>a * b + c, of floats rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MultiplyAdd(T a, T b, T c) =>
        typeof(T) == typeof(double) ? (T)(object)Math.FusedMultiplyAdd((double)(object)a, (double)(object)b, (double)(object)c)
        : typeof(T) == typeof(float) ? (T)(object)MathF.FusedMultiplyAdd((float)(object)a, (float)(object)b, (float)(object)c)
        : a * b + c;
}
