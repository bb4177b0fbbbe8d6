using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>
/// Products of f64 and f32 matrices in blocks that fit the caches.
/// <para>
/// One law holds for every cell of every product here, whatever the shape, the split, the number of threads or the width of registers: the terms are
/// added in ascending order, from 0 on, with one rounding each, over <see cref="BlockDepth"/> terms; the sums of blocks are added in ascending order
/// over <see cref="RowStrips.Rows"/> terms; the sums of these strips are added in ascending order. It treats both operands alike, so t(X) @ X is exactly
/// symmetric, and short sums keep the rounding error small.
/// </para>
/// </summary>
static unsafe class PackedProduct
{
    /// <summary>Terms of one block. A panel of the right operand of this depth stays in the first- and second-level caches.</summary>
    public const int BlockDepth = 256;

    /// <summary>Rows of a panel of the left operand.</summary>
    public const int PanelRows = 8;

    // 192 rows x 256 x 8 bytes: 384 KiB of the second-level cache. 2016 columns x 256 x 8 bytes: 4 MiB of the third.
    const long BlockRows = 192, BlockCols = 2016;

    // Only where sums need a second strip: rows whose strip sums are kept beside the result.
    const long StripSumRows = 768;

    /// <summary>
    /// c = a @ b, or c += a @ b, for an m x k and a k x n operand. With <paramref name="upperFrom"/> tiles that lie wholly below the diagonal are left
    /// as they are; row i is then row i + upperFrom of the square result.
    /// </summary>
    public static void Run<T, V, L>(Operand<T> a, Operand<T> b, T* c, long cStride, long m, long n, long k, bool add = false, long upperFrom = long.MinValue)
        where T : unmanaged, INumberBase<T> where V : struct where L : ILanes<T, V>
    {
        int width = 3 * L.Count;
        using var left = new Scratch<T>(Math.Min(BlockRows, Round(m, PanelRows)) * Math.Min(k, BlockDepth));
        using var right = new Scratch<T>(Math.Min(BlockCols, Round(n, width)) * Math.Min(k, BlockDepth));
        long rowsAtOnce = k > RowStrips.Rows ? StripSumRows : m;
        using var sums = new Scratch<T>(k > RowStrips.Rows ? Math.Min(m, rowsAtOnce) * Math.Min(n, BlockCols) : 0);

        for (long i0 = 0; i0 < m; i0 += rowsAtOnce)
            for (long j0 = 0; j0 < n; j0 += BlockCols)
                for (long strip = 0; strip < k; strip += RowStrips.Rows)
                {
                    long rows = Math.Min(rowsAtOnce, m - i0), cols = Math.Min(BlockCols, n - j0), depth = Math.Min(RowStrips.Rows, k - strip);
                    long upper = upperFrom == long.MinValue ? long.MinValue : upperFrom + i0 - j0;
                    T* target = c + i0 * cStride + j0;
                    var aPart = a.From(i0, strip);
                    var bPart = b.From(strip, j0);
                    if (strip == 0) Strip<T, V, L>(aPart, bPart, target, cStride, rows, cols, depth, add, upper, left.Cell0, right.Cell0);
                    else
                    {
                        Strip<T, V, L>(aPart, bPart, sums.Cell0, cols, rows, cols, depth, false, upper, left.Cell0, right.Cell0);
                        for (long i = 0; i < rows; i++) AddRow<T, V, L>(sums.Cell0 + i * cols, target + i * cStride, cols);
                    }
                }
    }

    static long Round(long count, int to) => (count + to - 1) / to * to;

    static void Strip<T, V, L>(Operand<T> a, Operand<T> b, T* c, long cStride, long rows, long cols, long depth, bool add, long upper, T* left, T* right)
        where T : unmanaged, INumberBase<T> where V : struct where L : ILanes<T, V>
    {
        int width = 3 * L.Count, rest = (int)(cols % width);
        int lastWidth = rest == 0 ? width : (int)Round(rest, L.Count);
        for (long k = 0; k < depth; k += BlockDepth)
        {
            long blockDepth = Math.Min(BlockDepth, depth - k);
            Panels.Pack(b.From(k, 0).Turned, cols, blockDepth, width, lastWidth, right);
            for (long i = 0; i < rows; i += BlockRows)
            {
                long blockRows = Math.Min(BlockRows, rows - i);
                Panels.Pack(a.From(i, k), blockRows, blockDepth, PanelRows, PanelRows, left);
                Tiles<T, V, L>(left, right, lastWidth, c + i * cStride, cStride, blockRows, cols, blockDepth, add || k > 0, upper == long.MinValue ? upper : upper + i);
            }
        }
    }

    static void Tiles<T, V, L>(T* left, T* right, int lastWidth, T* c, long cStride, long rows, long cols, long depth, bool add, long upper)
        where T : unmanaged, INumberBase<T> where V : struct where L : ILanes<T, V>
    {
        int width = 3 * L.Count;
        T* edge = stackalloc T[PanelRows * width];
        for (long j = 0; j < cols; j += width)
        {
            int panelWidth = j + width >= cols ? lastWidth : width;
            for (long i = 0; i < rows; i += PanelRows)
            {
                if (j + width <= i + upper) continue;
                T* a = left + i * depth, b = right + j * depth, to = c + i * cStride + j;
                if (i + PanelRows <= rows && j + panelWidth <= cols)
                {
                    Tile<T, V, L>(depth, a, PanelRows, b, panelWidth, to, cStride, PanelRows, add);
                    continue;
                }
                // A tile over the edge of the result: into a tile of its own, of which the cells inside are taken.
                long height = Math.Min(PanelRows, rows - i), inside = Math.Min(panelWidth, cols - j);
                Tile<T, V, L>(depth, a, PanelRows, b, panelWidth, edge, width, height, false);
                for (long r = 0; r < height; r++)
                    for (long s = 0; s < inside; s++)
                        to[r * cStride + s] = add ? to[r * cStride + s] + edge[r * width + s] : edge[r * width + s];
            }
        }
    }

    // 24 sums, 3 cells of the right and 1 of the left operand take 28 registers; with 16 registers only half as many rows at once.
    static bool ManyRegisters => System.Runtime.Intrinsics.X86.Avx512F.VL.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported;

    static void Tile<T, V, L>(long depth, T* a, long aStep, T* b, int width, T* c, long cStride, long height, bool add)
        where T : unmanaged where V : struct where L : ILanes<T, V>
    {
        int vectors = width / L.Count;
        if (height > 4 && ManyRegisters)
        {
            if (vectors == 3) RegisterTile<T, V, L, Tile8x3>.Run(depth, a, aStep, b, width, c, cStride, add);
            else if (vectors == 2) RegisterTile<T, V, L, Tile8x2>.Run(depth, a, aStep, b, width, c, cStride, add);
            else RegisterTile<T, V, L, Tile8x1>.Run(depth, a, aStep, b, width, c, cStride, add);
            return;
        }
        for (int i = 0; i < height; i += 4)
        {
            if (vectors == 3) RegisterTile<T, V, L, Tile4x3>.Run(depth, a + i, aStep, b, width, c + i * cStride, cStride, add);
            else if (vectors == 2) RegisterTile<T, V, L, Tile4x2>.Run(depth, a + i, aStep, b, width, c + i * cStride, cStride, add);
            else RegisterTile<T, V, L, Tile4x1>.Run(depth, a + i, aStep, b, width, c + i * cStride, cStride, add);
        }
    }

    static void AddRow<T, V, L>(T* from, T* to, long count) where T : unmanaged, INumberBase<T> where V : struct where L : ILanes<T, V>
    {
        long i = 0;
        for (; i <= count - L.Count; i += L.Count) L.Store(L.Add(L.Load(to + i), L.Load(from + i)), to + i);
        for (; i < count; i++) to[i] += from[i];
    }
}
