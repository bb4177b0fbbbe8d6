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
        if (sizeof(T) < 4)
        {
            Edge(from, fromStride, to, toStride, Side, Side);
            return;
        }
        for (int rows = 0; rows < Side; rows += Vector256<T>.Count)
            for (int c = 0; c < Side; c += 4)
            {
                Columns(from + rows * fromStride + c, fromStride, out var c0, out var c1, out var c2, out var c3);
                c0.Store(to + c * toStride + rows);
                c1.Store(to + (c + 1) * toStride + rows);
                c2.Store(to + (c + 2) * toStride + rows);
                c3.Store(to + (c + 3) * toStride + rows);
            }
    }

    /// <summary>The same for any numbers of rows and columns, cell by cell.</summary>
    public static void Edge<T>(T* from, long fromStride, T* to, long toStride, long rows, long cols) where T : unmanaged
    {
        for (long i = 0; i < rows; i++)
            for (long j = 0; j < cols; j++) to[j * toStride + i] = from[i * fromStride + j];
    }

    /// <summary>
    /// Four columns of as many rows as a register has cells (4 of 8 bytes, 8 of 4 bytes). Half rows that belong together are joined while they are loaded,
    /// which the shuffle port, the bottleneck here, does not notice.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Columns<T>(T* from, long stride, out Vector256<T> c0, out Vector256<T> c1, out Vector256<T> c2, out Vector256<T> c3) where T : unmanaged
    {
        // Moving doubles and floats changes no bits, whatever they stand for.
        if (sizeof(T) == 8 && Avx.IsSupported)
        {
            double* x = (double*)from;
            Vector256<double> even = Join(x, x + 2 * stride), odd = Join(x + stride, x + 3 * stride);
            Vector256<double> even2 = Join(x + 2, x + 2 * stride + 2), odd2 = Join(x + stride + 2, x + 3 * stride + 2);
            c0 = Avx.UnpackLow(even, odd).As<double, T>();
            c1 = Avx.UnpackHigh(even, odd).As<double, T>();
            c2 = Avx.UnpackLow(even2, odd2).As<double, T>();
            c3 = Avx.UnpackHigh(even2, odd2).As<double, T>();
        }
        else if (sizeof(T) == 4 && Avx.IsSupported)
        {
            float* x = (float*)from, y = x + 4 * stride;
            Vector256<float> r0 = Join(x, y), r1 = Join(x + stride, y + stride), r2 = Join(x + 2 * stride, y + 2 * stride), r3 = Join(x + 3 * stride, y + 3 * stride);
            Vector256<float> low01 = Avx.UnpackLow(r0, r1), high01 = Avx.UnpackHigh(r0, r1), low23 = Avx.UnpackLow(r2, r3), high23 = Avx.UnpackHigh(r2, r3);
            c0 = Avx.Shuffle(low01, low23, 0x44).As<float, T>();
            c1 = Avx.Shuffle(low01, low23, 0xEE).As<float, T>();
            c2 = Avx.Shuffle(high01, high23, 0x44).As<float, T>();
            c3 = Avx.Shuffle(high01, high23, 0xEE).As<float, T>();
        }
        else (c0, c1, c2, c3) = (Column(from, stride), Column(from + 1, stride), Column(from + 2, stride), Column(from + 3, stride));
    }

    /// <summary>One column of as many rows as a register has cells.</summary>
    public static Vector256<T> Column<T>(T* from, long stride) where T : unmanaged
    {
        var cells = default(Vector256<T>);
        for (int i = 0; i < Vector256<T>.Count; i++) cells = cells.WithElement(i, from[i * stride]);
        return cells;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Join(double* low, double* high) => Avx.InsertVector128(Vector128.Load(low).ToVector256Unsafe(), Vector128.Load(high), 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Join(float* low, float* high) => Avx.InsertVector128(Vector128.Load(low).ToVector256Unsafe(), Vector128.Load(high), 1);
}
