using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Daphne.Net.Kernels;

/// <summary>
/// Products of an f64 or f32 matrix with a vector. Memory bounds them: every cell is read once, in the order in which it lies, and the law of
/// <see cref="PackedProduct"/> is kept by giving every sum a lane of its own.
/// </summary>
static unsafe class MatrixVector
{
    // Rows of which one block after the other is read, and columns whose sums are kept in the first-level cache while rows stream by.
    const int RowGroup = 64, ColGroup = 1024;

    /// <summary>c = a @ x, or c += a @ x, for an m x k operand and contiguous vectors.</summary>
    [SkipLocalsInit]
    public static void Run<T, V, L>(Operand<T> a, T* x, T* c, long m, long k, bool add) where T : unmanaged, INumberBase<T> where V : struct where L : ILanes<T, V>
    {
        long group = a.ColStride == 1 ? RowGroup : ColGroup;
        // The sums of the current block, of the current strip and of all strips before it.
        T* sums = stackalloc T[3 * ColGroup];
        for (long i = 0; i < m; i += group)
        {
            int count = (int)Math.Min(group, m - i);
            var part = a.From(i, 0);
            for (long strip = 0; strip < k; strip += RowStrips.Rows)
            {
                long end = Math.Min(k, strip + RowStrips.Rows);
                for (long block = strip; block < end; block += PackedProduct.BlockDepth)
                {
                    int depth = (int)Math.Min(PackedProduct.BlockDepth, end - block);
                    if (a.ColStride == 1) RowSums(part.From(0, block), x + block, sums, count, depth);
                    else ColSums<T, V, L>(part.From(0, block), x + block, sums, count, depth);
                    Move(sums, sums + ColGroup, count, block > strip);
                }
                Move(sums + ColGroup, sums + 2 * ColGroup, count, strip > 0);
            }
            Move(sums + 2 * ColGroup, c + i, count, add);
        }
    }

    static void Move<T>(T* from, T* to, int count, bool add) where T : unmanaged, INumberBase<T>
    {
        if (!add) Cells.Copy(from, to, count);
        else for (int i = 0; i < count; i++) to[i] += from[i];
    }

    // sums[i] = a[i, …] . x for contiguous rows; turned in registers, so that each row is a lane.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void RowSums<T>(Operand<T> a, T* x, T* sums, int rows, int depth) where T : unmanaged
    {
        int lanes = Vector256<T>.Count;
        if (rows < 2 * lanes)
        {
            for (int i = 0; i < rows; i++) sums[i] = Chain(a.Cell0 + i * a.RowStride, x, depth);
            return;
        }
        for (int i = 0; i < rows; i += 2 * lanes)
        {
            // The last group ends with the last row: some rows are computed twice, to the same bits.
            int first = Math.Min(i, rows - 2 * lanes);
            T* upper = a.Cell0 + first * a.RowStride, lower = upper + lanes * a.RowStride;
            Vector256<T> sum0 = default, sum1 = default;
            int k = 0;
            for (; k <= depth - 4; k += 4)
            {
                if (Sse.IsSupported) Prefetch(upper + (4 * a.RowStride + 2 * k) * lanes);
                RegisterBlocks.Columns(upper + k, a.RowStride, out var u0, out var u1, out var u2, out var u3);
                RegisterBlocks.Columns(lower + k, a.RowStride, out var v0, out var v1, out var v2, out var v3);
                Vector256<T> x0 = Vector256.Create(x[k]), x1 = Vector256.Create(x[k + 1]), x2 = Vector256.Create(x[k + 2]), x3 = Vector256.Create(x[k + 3]);
                sum0 = Lanes256<T>.MultiplyAdd(u0, x0, sum0);
                sum1 = Lanes256<T>.MultiplyAdd(v0, x0, sum1);
                sum0 = Lanes256<T>.MultiplyAdd(u1, x1, sum0);
                sum1 = Lanes256<T>.MultiplyAdd(v1, x1, sum1);
                sum0 = Lanes256<T>.MultiplyAdd(u2, x2, sum0);
                sum1 = Lanes256<T>.MultiplyAdd(v2, x2, sum1);
                sum0 = Lanes256<T>.MultiplyAdd(u3, x3, sum0);
                sum1 = Lanes256<T>.MultiplyAdd(v3, x3, sum1);
            }
            for (; k < depth; k++)
            {
                var factor = Vector256.Create(x[k]);
                sum0 = Lanes256<T>.MultiplyAdd(RegisterBlocks.Column(upper + k, a.RowStride), factor, sum0);
                sum1 = Lanes256<T>.MultiplyAdd(RegisterBlocks.Column(lower + k, a.RowStride), factor, sum1);
            }
            sum0.Store(sums + first);
            sum1.Store(sums + first + lanes);
        }
    }

    // The next group but one, as many bytes as this step reads: short rows end before the processor has noticed that they are read in order.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Prefetch(void* at)
    {
        Sse.Prefetch0(at);
        Sse.Prefetch0((byte*)at + 64);
        Sse.Prefetch0((byte*)at + 128);
        Sse.Prefetch0((byte*)at + 192);
    }

    // sums[j] = a[…, j] . x for columns that lie side by side; eight rows at a time, so that the sums are read and written once per eight cells.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void ColSums<T, V, L>(Operand<T> a, T* x, T* sums, int cols, int depth) where T : unmanaged where V : struct where L : ILanes<T, V>
    {
        new Span<T>(sums, cols).Clear();
        long stride = a.ColStride;
        int k = 0;
        for (; k <= depth - 8; k += 8)
        {
            T* r0 = a.Cell0 + k * stride, r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride, r4 = r3 + stride, r5 = r4 + stride, r6 = r5 + stride, r7 = r6 + stride;
            V x0 = L.Broadcast(x[k]), x1 = L.Broadcast(x[k + 1]), x2 = L.Broadcast(x[k + 2]), x3 = L.Broadcast(x[k + 3]),
                x4 = L.Broadcast(x[k + 4]), x5 = L.Broadcast(x[k + 5]), x6 = L.Broadcast(x[k + 6]), x7 = L.Broadcast(x[k + 7]);
            int j = 0;
            for (; j <= cols - L.Count; j += L.Count)
            {
                V sum = L.MultiplyAdd(L.Load(r0 + j), x0, L.Load(sums + j));
                sum = L.MultiplyAdd(L.Load(r1 + j), x1, sum);
                sum = L.MultiplyAdd(L.Load(r2 + j), x2, sum);
                sum = L.MultiplyAdd(L.Load(r3 + j), x3, sum);
                sum = L.MultiplyAdd(L.Load(r4 + j), x4, sum);
                sum = L.MultiplyAdd(L.Load(r5 + j), x5, sum);
                sum = L.MultiplyAdd(L.Load(r6 + j), x6, sum);
                L.Store(L.MultiplyAdd(L.Load(r7 + j), x7, sum), sums + j);
            }
            for (int r = 0; r < 8; r++)
                for (int tail = j; tail < cols; tail++) sums[tail] = Scalar.MultiplyAdd(r0[r * stride + tail], x[k + r], sums[tail]);
        }
        for (; k < depth; k++)
            for (int j = 0; j < cols; j++) sums[j] = Scalar.MultiplyAdd(a.Cell0[k * stride + j], x[k], sums[j]);
    }

    static T Chain<T>(T* a, T* x, int depth) where T : unmanaged
    {
        T sum = default;
        for (int k = 0; k < depth; k++) sum = Scalar.MultiplyAdd(a[k], x[k], sum);
        return sum;
    }
}
