using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary><c>condition ? yes : no</c>, cell by cell.</summary>
public static class Choice
{
    /// <summary>dst = yes where the condition holds (<see cref="Condition.Holds"/>), else no. <paramref name="dst"/> may be any of the operands.</summary>
    /// <exception cref="RaisedException">An alternative is a matrix of another shape than the condition.</exception>
    public static void Apply<TCondition, T>(DenseMatrix<TCondition> condition, Arm<T> yes, Arm<T> no, DenseMatrix<T> dst) where TCondition : unmanaged where T : unmanaged
    {
        CheckShape(condition, yes.Matrix);
        CheckShape(condition, no.Matrix);
        Elementwise.CheckDestination(condition, dst);
        // One value for all cells is written out once, as long as a tile.
        Span<T> yesTile = stackalloc T[yes.Matrix is null ? Elementwise.Tile : 0], noTile = stackalloc T[no.Matrix is null ? Elementwise.Tile : 0];
        yesTile.Fill(yes.Value);
        noTile.Fill(no.Value);
        for (long at = 0; at < condition.Cells; at += Elementwise.Tile)
        {
            int length = (int)Math.Min(Elementwise.Tile, condition.Cells - at);
            Apply(condition.Span(at, length),
                yes.Matrix is null ? yesTile[..length] : yes.Matrix.Span(at, length),
                no.Matrix is null ? noTile[..length] : no.Matrix.Span(at, length),
                dst.WritableSpan(at, length));
        }
    }

    /// <summary>dst[i] = condition[i] ? yes[i] : no[i].</summary>
    public static void Apply<TCondition, T>(ReadOnlySpan<TCondition> condition, ReadOnlySpan<T> yes, ReadOnlySpan<T> no, Span<T> dst) where TCondition : unmanaged where T : unmanaged
    {
        KernelGuard.SameLength(yes.Length, no.Length, condition.Length);
        KernelGuard.SameLength(condition.Length, dst.Length);
        int i = 0;
        // Cells of one size have masks of one size; a comparison of f64 matrices, the usual condition, is f64 itself.
        if (Unsafe.SizeOf<TCondition>() == Unsafe.SizeOf<T>() && Vector256.IsHardwareAccelerated && Vector256<TCondition>.IsSupported && Vector256<T>.IsSupported)
            i = Loop256(condition, yes, no, dst, i);
        LoopScalar(condition, yes, no, dst, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void LoopScalar<TCondition, T>(ReadOnlySpan<TCondition> condition, ReadOnlySpan<T> yes, ReadOnlySpan<T> no, Span<T> dst, int i) where TCondition : unmanaged where T : unmanaged
    {
        for (; i < dst.Length; i++) dst[i] = Condition.Holds(condition[i]) ? yes[i] : no[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Loop256<TCondition, T>(ReadOnlySpan<TCondition> condition, ReadOnlySpan<T> yes, ReadOnlySpan<T> no, Span<T> dst, int i) where TCondition : unmanaged where T : unmanaged
    {
        ref TCondition c = ref MemoryMarshal.GetReference(condition);
        ref T y = ref MemoryMarshal.GetReference(yes), n = ref MemoryMarshal.GetReference(no), d = ref MemoryMarshal.GetReference(dst);
        for (; i <= dst.Length - Vector256<T>.Count; i += Vector256<T>.Count)
        {
            var cell = Vector256.LoadUnsafe(ref c, (nuint)i);
            var fails = Vector256.Equals(cell, Vector256<TCondition>.Zero) | ~Vector256.Equals(cell, cell);
            Vector256.ConditionalSelect(fails.As<TCondition, T>(), Vector256.LoadUnsafe(ref n, (nuint)i), Vector256.LoadUnsafe(ref y, (nuint)i)).StoreUnsafe(ref d, (nuint)i);
        }
        return i;
    }

    static void CheckShape<T>(Matrix condition, DenseMatrix<T>? arm) where T : unmanaged
    {
        if (arm is not null && (arm.Rows != condition.Rows || arm.Cols != condition.Cols)) throw Diag.AlternativeOfOtherShape.Raise(condition.Shape(), arm.Shape());
    }
}
