using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Daphne.Net.Kernels;

/// <summary>The shape of a register tile.</summary>
interface ITileShape
{
    /// <summary>8 or 4.</summary>
    static abstract int Rows { get; }

    /// <summary>1, 2 or 3.</summary>
    static abstract int Vectors { get; }
}

readonly struct Tile8x3 : ITileShape { public static int Rows => 8; public static int Vectors => 3; }
readonly struct Tile8x2 : ITileShape { public static int Rows => 8; public static int Vectors => 2; }
readonly struct Tile8x1 : ITileShape { public static int Rows => 8; public static int Vectors => 1; }
readonly struct Tile4x3 : ITileShape { public static int Rows => 4; public static int Vectors => 3; }
readonly struct Tile4x2 : ITileShape { public static int Rows => 4; public static int Vectors => 2; }
readonly struct Tile4x1 : ITileShape { public static int Rows => 4; public static int Vectors => 1; }

/// <summary>
/// The innermost loop of a product: a tile of the result stays in registers while one slice of the left and one of the right operand after the other is
/// multiplied onto it. 8 x 3 registers of 512 bits keep both multipliers busy; they need the 32 registers of AVX-512, so other machines use 4 x 3.
/// </summary>
static unsafe class RegisterTile<T, V, L, S> where T : unmanaged where V : struct where L : ILanes<T, V> where S : ITileShape
{
    /// <summary>
    /// c[i, j] = (add ? c[i, j] : 0) + (sum over k of a[k * aStep + i] * b[k * bStep + j]), the sum from 0 on in ascending order with one rounding per step.
    /// </summary>
    /// <remarks>
    /// Optimised from the first call on: the first large product of a process would else spend a tenth of a second in unoptimised vector code.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Run(long depth, T* a, long aStep, T* b, long bStep, T* c, long cStride, bool add)
    {
        V c00 = default, c01 = default, c02 = default, c10 = default, c11 = default, c12 = default;
        V c20 = default, c21 = default, c22 = default, c30 = default, c31 = default, c32 = default;
        V c40 = default, c41 = default, c42 = default, c50 = default, c51 = default, c52 = default;
        V c60 = default, c61 = default, c62 = default, c70 = default, c71 = default, c72 = default;

        // The result is needed last but comes from farthest away: worth a tenth of the time at 2000 x 2000.
        if (Sse.IsSupported)
            for (int i = 0; i < S.Rows; i++)
                for (int j = 0; j < S.Vectors; j++) Sse.Prefetch0(c + i * cStride + j * L.Count);

        for (long k = 0; k < depth; k++)
        {
            V b0 = L.Load(b), b1 = S.Vectors > 1 ? L.Load(b + L.Count) : default, b2 = S.Vectors > 2 ? L.Load(b + 2 * L.Count) : default;
            Row(a[0], b0, b1, b2, ref c00, ref c01, ref c02);
            Row(a[1], b0, b1, b2, ref c10, ref c11, ref c12);
            Row(a[2], b0, b1, b2, ref c20, ref c21, ref c22);
            Row(a[3], b0, b1, b2, ref c30, ref c31, ref c32);
            if (S.Rows > 4)
            {
                Row(a[4], b0, b1, b2, ref c40, ref c41, ref c42);
                Row(a[5], b0, b1, b2, ref c50, ref c51, ref c52);
                Row(a[6], b0, b1, b2, ref c60, ref c61, ref c62);
                Row(a[7], b0, b1, b2, ref c70, ref c71, ref c72);
            }
            a += aStep;
            b += bStep;
        }

        Put(c, add, c00, c01, c02);
        Put(c + cStride, add, c10, c11, c12);
        Put(c + 2 * cStride, add, c20, c21, c22);
        Put(c + 3 * cStride, add, c30, c31, c32);
        if (S.Rows > 4)
        {
            Put(c + 4 * cStride, add, c40, c41, c42);
            Put(c + 5 * cStride, add, c50, c51, c52);
            Put(c + 6 * cStride, add, c60, c61, c62);
            Put(c + 7 * cStride, add, c70, c71, c72);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Row(T a, V b0, V b1, V b2, ref V c0, ref V c1, ref V c2)
    {
        V x = L.Broadcast(a);
        c0 = L.MultiplyAdd(x, b0, c0);
        if (S.Vectors > 1) c1 = L.MultiplyAdd(x, b1, c1);
        if (S.Vectors > 2) c2 = L.MultiplyAdd(x, b2, c2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(T* c, bool add, V c0, V c1, V c2)
    {
        L.Store(add ? L.Add(L.Load(c), c0) : c0, c);
        if (S.Vectors > 1) L.Store(add ? L.Add(L.Load(c + L.Count), c1) : c1, c + L.Count);
        if (S.Vectors > 2) L.Store(add ? L.Add(L.Load(c + 2 * L.Count), c2) : c2, c + 2 * L.Count);
    }
}
