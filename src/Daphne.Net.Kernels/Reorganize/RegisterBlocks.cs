using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Daphne.Net.Kernels;

/// <summary>Blocks of 8 x 8 cells turned in registers: reads and writes whole cache lines where a cell by cell loop touches one cell of each.</summary>
static unsafe class RegisterBlocks
{
    /// <summary>Rows and columns of a block.</summary>
    public const int Side = 8;

    /// <summary>to[j * toStride + i] = from[i * fromStride + j] for i, j in 0 … 7. Strides are in cells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Turn<T>(T* from, long fromStride, T* to, long toStride) where T : unmanaged
    {
        if (sizeof(T) == 8 && Avx.IsSupported) Turn64((double*)from, fromStride, (double*)to, toStride);
        else if (sizeof(T) == 4 && Avx.IsSupported) Turn32((float*)from, fromStride, (float*)to, toStride);
        else Edge(from, fromStride, to, toStride, Side, Side);
    }

    /// <summary>The same for any numbers of rows and columns, cell by cell.</summary>
    public static void Edge<T>(T* from, long fromStride, T* to, long toStride, long rows, long cols) where T : unmanaged
    {
        for (long i = 0; i < rows; i++)
            for (long j = 0; j < cols; j++) to[j * toStride + i] = from[i * fromStride + j];
    }

    // Four quarters of 4 x 4; moving doubles changes no bits, whatever they stand for.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Turn64(double* from, long fromStride, double* to, long toStride)
    {
        for (int half = 0; half < Side; half += 4)
        {
            Quarter(from + half, fromStride, to + half * toStride, toStride);
            Quarter(from + 4 * fromStride + half, fromStride, to + half * toStride + 4, toStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Quarter(double* from, long fromStride, double* to, long toStride)
    {
        Vector256<double> a = Vector256.Load(from), b = Vector256.Load(from + fromStride),
            c = Vector256.Load(from + 2 * fromStride), d = Vector256.Load(from + 3 * fromStride);
        Vector256<double> evenAB = Avx.UnpackLow(a, b), oddAB = Avx.UnpackHigh(a, b), evenCD = Avx.UnpackLow(c, d), oddCD = Avx.UnpackHigh(c, d);
        Avx.Permute2x128(evenAB, evenCD, 0x20).Store(to);
        Avx.Permute2x128(oddAB, oddCD, 0x20).Store(to + toStride);
        Avx.Permute2x128(evenAB, evenCD, 0x31).Store(to + 2 * toStride);
        Avx.Permute2x128(oddAB, oddCD, 0x31).Store(to + 3 * toStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Turn32(float* from, long fromStride, float* to, long toStride)
    {
        var (a0, a1, a2, a3) = Pairs(from, fromStride);                       // rows 0 … 3
        var (b0, b1, b2, b3) = Pairs(from + 4 * fromStride, fromStride);      // rows 4 … 7
        Avx.Permute2x128(a0, b0, 0x20).Store(to);
        Avx.Permute2x128(a1, b1, 0x20).Store(to + toStride);
        Avx.Permute2x128(a2, b2, 0x20).Store(to + 2 * toStride);
        Avx.Permute2x128(a3, b3, 0x20).Store(to + 3 * toStride);
        Avx.Permute2x128(a0, b0, 0x31).Store(to + 4 * toStride);
        Avx.Permute2x128(a1, b1, 0x31).Store(to + 5 * toStride);
        Avx.Permute2x128(a2, b2, 0x31).Store(to + 6 * toStride);
        Avx.Permute2x128(a3, b3, 0x31).Store(to + 7 * toStride);
    }

    // Four rows of eight: register j holds column j in its lower and column 4 + j in its upper half.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector256<float>, Vector256<float>, Vector256<float>, Vector256<float>) Pairs(float* from, long stride)
    {
        Vector256<float> a = Vector256.Load(from), b = Vector256.Load(from + stride), c = Vector256.Load(from + 2 * stride), d = Vector256.Load(from + 3 * stride);
        Vector256<float> lowAB = Avx.UnpackLow(a, b), highAB = Avx.UnpackHigh(a, b), lowCD = Avx.UnpackLow(c, d), highCD = Avx.UnpackHigh(c, d);
        return (Avx.Shuffle(lowAB, lowCD, 0x44), Avx.Shuffle(lowAB, lowCD, 0xEE), Avx.Shuffle(highAB, highCD, 0x44), Avx.Shuffle(highAB, highCD, 0xEE));
    }
}
