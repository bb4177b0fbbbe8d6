using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Daphne.Net.Kernels;

/// <summary>Copies of runs of cells; unlike spans they may be longer than 2^31 - 1.</summary>
static unsafe class Cells
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy<T>(T* from, T* to, long count) where T : unmanaged
    {
        // Rows of narrow matrices are a few cells long; a call into memmove costs more than those.
        if (count <= 8) for (long i = 0; i < count; i++) to[i] = from[i];
        else NativeMemory.Copy(from, to, (nuint)(count * sizeof(T)));
    }

    /// <summary>Copies a block of <paramref name="rows"/> x <paramref name="cols"/> cells between matrices of different widths.</summary>
    public static void CopyBlock<T>(T* from, long fromStride, T* to, long toStride, long rows, long cols) where T : unmanaged
    {
        if (fromStride == cols && toStride == cols) Copy(from, to, rows * cols);
        else for (long r = 0; r < rows; r++) Copy(from + r * fromStride, to + r * toStride, cols);
    }
}
