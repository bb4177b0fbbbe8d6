using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>Cells seen as the type that computes with them: every type as itself, bool as byte.</summary>
static class CellType
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<TCell> Cells<T, TCell>(this DenseMatrix<T> matrix, long start, int length) where T : unmanaged where TCell : unmanaged =>
        MemoryMarshal.Cast<T, TCell>(matrix.Span(start, length));

    /// <summary>A result as a cell; of a bool only the lowest bit counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Result<T, TCell, TAcc>(TAcc value) where T : unmanaged where TCell : unmanaged, INumber<TCell> where TAcc : unmanaged, INumber<TAcc>
    {
        var cell = typeof(TCell) == typeof(TAcc) ? Unsafe.BitCast<TAcc, TCell>(value) : TCell.CreateTruncating(value);
        if (typeof(T) == typeof(bool)) cell = TCell.IsOddInteger(cell) ? TCell.One : TCell.Zero;
        return Unsafe.BitCast<TCell, T>(cell);
    }
}
