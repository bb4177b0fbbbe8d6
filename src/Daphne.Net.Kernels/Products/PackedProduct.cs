using System.Numerics;
using System.Runtime.CompilerServices;

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
    public const int BlockDepth = 512;

    /// <summary>Rows of a panel of the left operand.</summary>
    public const int PanelRows = 8;

    // 128 rows x 512 x 8 bytes: 512 KiB of the second-level cache. 2016 columns x 512 x 8 bytes: 8 MiB of the third.
    const long BlockRows = 128, BlockCols = 2016;

    // Only where sums need a second strip: rows whose strip sums are kept beside the result.
    const long StripSumRows = 768;

    // Panels of up to this many bytes lie on the stack: for 10 x 10 cells renting memory takes longer than multiplying.
    const int StackBytes = 16 << 10;

    /// <summary>c = a @ b, or c += a @ b, for an m x k and a k x n operand; with <paramref name="run"/> in tasks that share the panels of b.</summary>
    [SkipLocalsInit]
    public static void Run<T, V, L>(Operand<T> a, Operand<T> b, T* c, long cStride, long m, long n, long k, bool add = false, TaskRunner? run = null)
        where T : unmanaged, INumberBase<T> where V : struct where L : ILanes<T, V>
    {
        long depth = Math.Min(k, BlockDepth);
        long left = Math.Min(BlockRows, Round(m, PanelRows)) * depth, right = Math.Min(BlockCols, Round(n, 3 * L.Count)) * depth;
        if ((left + right) * sizeof(T) <= StackBytes)
        {
            byte* stack = stackalloc byte[StackBytes];
            Strip<T, V, L>(a, b, c, cStride, m, n, k, add, (T*)stack, (T*)stack + left, null);
            return;
        }
        using var panels = new Scratch<T>(left + right);
        long rowsAtOnce = k > RowStrips.Rows ? Math.Min(m, StripSumRows) : m, colsAtOnce = Math.Min(n, BlockCols);
        using var sums = new Scratch<T>(k > RowStrips.Rows ? rowsAtOnce * colsAtOnce : 0);
        for (long i = 0; i < m; i += rowsAtOnce)
            for (long j = 0; j < n; j += colsAtOnce)
                for (long strip = 0; strip < k; strip += RowStrips.Rows)
                {
                    long rows = Math.Min(rowsAtOnce, m - i), cols = Math.Min(colsAtOnce, n - j), terms = Math.Min(RowStrips.Rows, k - strip);
                    T* target = c + i * cStride + j;
                    if (strip == 0) Strip<T, V, L>(a.From(i, 0), b.From(0, j), target, cStride, rows, cols, terms, add, panels.Cell0, panels.Cell0 + left, run);
                    else
                    {
                        Strip<T, V, L>(a.From(i, strip), b.From(strip, j), sums.Cell0, cols, rows, cols, terms, false, panels.Cell0, panels.Cell0 + left, run);
                        for (long r = 0; r < rows; r++) AddRow<T, V, L>(sums.Cell0 + r * cols, target + r * cStride, cols);
                    }
                }
    }

    public static long Round(long count, int to) => (count + to - 1) / to * to;

    // The sums of one strip.
    static void Strip<T, V, L>(Operand<T> a, Operand<T> b, T* c, long cStride, long rows, long cols, long terms, bool add, T* left, T* right, TaskRunner? run)
        where T : unmanaged, INumberBase<T> where V : struct where L : ILanes<T, V>
    {
        for (long k = 0; k < terms; k += BlockDepth)
        {
            var block = new DepthBlock<T>(a.From(0, k), b.From(k, 0), c, cStride, rows, cols, Math.Min(BlockDepth, terms - k), add || k > 0, right);
            if (run is not null) InTasks<T, V, L>(block, run);
            else
            {
                PackRight<T, V, L>(block, 0, cols);
                for (long i = 0; i < rows; i += BlockRows) RowBlock<T, V, L>(block, left, i, 0, cols);
            }
        }
    }

    // What one slice of up to 512 terms adds to a part of the result.
    readonly record struct DepthBlock<T>(Operand<T> A, Operand<T> B, nint C, long CStride, long Rows, long Cols, long Depth, bool Add, nint Right) where T : unmanaged
    {
        public DepthBlock(Operand<T> a, Operand<T> b, T* c, long cStride, long rows, long cols, long depth, bool add, T* right)
            : this(a, b, (nint)c, cStride, rows, cols, depth, add, (nint)right) { }
    }

    // First all panels of the right operand, then blocks of rows; where there are few of those, the columns are divided too.
    static void InTasks<T, V, L>(DepthBlock<T> block, TaskRunner run) where T : unmanaged, INumberBase<T> where V : struct where L : ILanes<T, V>
    {
        const long tasks = 12;
        long rowBlocks = (block.Rows + BlockRows - 1) / BlockRows, width = 3 * L.Count, panels = (block.Cols + width - 1) / width;
        long perPack = (panels + tasks - 1) / tasks * width;
        run((int)((block.Cols + perPack - 1) / perPack), task => PackRight<T, V, L>(block, task * perPack, Math.Min(block.Cols, (task + 1) * perPack)));
        long perTask = rowBlocks >= tasks ? block.Cols : (panels * rowBlocks + tasks - 1) / tasks * width;
        long colParts = (block.Cols + perTask - 1) / perTask;
        run((int)(rowBlocks * colParts), task =>
        {
            using var left = new Scratch<T>(Math.Min(BlockRows, Round(block.Rows, PanelRows)) * block.Depth);
            long first = task % colParts * perTask;
            RowBlock<T, V, L>(block, left.Cell0, task / colParts * BlockRows, first, Math.Min(block.Cols, first + perTask));
        });
    }

    // Packs columns first … end - 1; both are borders of panels.
    static void PackRight<T, V, L>(in DepthBlock<T> block, long first, long end) where T : unmanaged where V : struct where L : ILanes<T, V>
    {
        int width = 3 * L.Count, lastWidth = end == block.Cols ? LastWidth<T, V, L>(block.Cols) : width;
        Panels.Pack(block.B.From(0, first).Turned, end - first, block.Depth, width, lastWidth, (T*)block.Right + first * block.Depth);
    }

    // Packs up to 128 rows from row i on and multiplies them with columns first … end - 1.
    static void RowBlock<T, V, L>(in DepthBlock<T> block, T* left, long i, long first, long end) where T : unmanaged, INumberBase<T> where V : struct where L : ILanes<T, V>
    {
        int width = 3 * L.Count, lastWidth = LastWidth<T, V, L>(block.Cols);
        long height = Math.Min(BlockRows, block.Rows - i), depth = block.Depth;
        Panels.Pack(block.A.From(i, 0), height, depth, PanelRows, PanelRows, left);
        for (long j = first; j < end; j += width)
            for (long r = 0; r < height; r += PanelRows)
                Tile<T, V, L>(depth, left + r * depth, PanelRows, (T*)block.Right + j * depth, j + width >= block.Cols ? lastWidth : width,
                    (T*)block.C + (i + r) * block.CStride + j, block.CStride, Math.Min(PanelRows, height - r), block.Cols - j, block.Add);
    }

    /// <summary>The width of the last panel of so many columns: as many registers as it needs.</summary>
    public static int LastWidth<T, V, L>(long cols) where T : unmanaged where V : struct where L : ILanes<T, V>
    {
        int rest = (int)(cols % (3 * L.Count));
        return rest == 0 ? 3 * L.Count : (int)Round(rest, L.Count);
    }

    /// <summary>
    /// One tile of the result from two panels: <paramref name="height"/> rows (at most 8) of <paramref name="width"/> columns, of which the first
    /// <paramref name="inside"/> lie in the result.
    /// </summary>
    [SkipLocalsInit]
    public static void Tile<T, V, L>(long depth, T* a, long aStep, T* b, int width, T* c, long cStride, long height, long inside, bool add)
        where T : unmanaged, INumberBase<T> where V : struct where L : ILanes<T, V>
    {
        if (inside >= width && height is PanelRows or 4)
        {
            WholeTile<T, V, L>(depth, a, aStep, b, width, c, cStride, height, add);
            return;
        }
        // Over the edge of the result: into a tile of its own, of which the cells inside are taken.
        T* edge = stackalloc T[PanelRows * width];
        WholeTile<T, V, L>(depth, a, aStep, b, width, edge, width, height, false);
        inside = Math.Min(inside, width);
        for (long r = 0; r < height; r++)
            for (long s = 0; s < inside; s++)
                c[r * cStride + s] = add ? c[r * cStride + s] + edge[r * width + s] : edge[r * width + s];
    }

    // 24 sums, 3 cells of the right and 1 of the left operand take 28 registers; with 16 registers only half as many rows at once.
    static bool ManyRegisters => System.Runtime.Intrinsics.X86.Avx512F.VL.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported;

    static void WholeTile<T, V, L>(long depth, T* a, long aStep, T* b, int width, T* c, long cStride, long height, bool add)
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

    /// <summary>to[i] += from[i].</summary>
    public static void AddRow<T, V, L>(T* from, T* to, long count) where T : unmanaged, INumberBase<T> where V : struct where L : ILanes<T, V>
    {
        long i = 0;
        for (; i <= count - L.Count; i += L.Count) L.Store(L.Add(L.Load(to + i), L.Load(from + i)), to + i);
        for (; i < count; i++) to[i] += from[i];
    }
}
