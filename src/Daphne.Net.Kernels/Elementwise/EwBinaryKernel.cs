using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// One elementwise operator bound to one cell type. The destination may be an operand itself but must not partly overlap one.
/// Operands for which the operator has no result (integer division by zero) raise a diagnostic before anything of the span is written.
/// </summary>
public abstract class EwBinaryKernel<T> where T : unmanaged
{
    /// <summary>dst[i] = x[i] op y[i]. <paramref name="place"/> says where the span lies, for messages.</summary>
    /// <exception cref="RaisedException">A pair of cells has no result.</exception>
    public abstract void Apply(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> dst, CellPlace place = default);

    /// <summary>dst[i] = x[i] op y.</summary>
    /// <exception cref="RaisedException">A pair has no result.</exception>
    public abstract void ApplyRightScalar(ReadOnlySpan<T> x, T y, Span<T> dst, CellPlace place = default);

    /// <summary>dst[i] = x op y[i].</summary>
    /// <exception cref="RaisedException">A pair has no result.</exception>
    public abstract void ApplyLeftScalar(T x, ReadOnlySpan<T> y, Span<T> dst, CellPlace place = default);

    /// <summary>x op y by the rule for cells.</summary>
    /// <exception cref="RaisedException">The pair has no result.</exception>
    public abstract T Invoke(T x, T y);

    /// <summary>x op y by the rule for scalars: <c>min</c> and <c>max</c> of a nan are nan, while a matrix keeps its left cell.</summary>
    /// <exception cref="RaisedException">The pair has no result.</exception>
    public abstract T InvokeScalar(T x, T y);

    /// <summary>Row after row, dst[r] = dst[r - 1] op x[r], the first row as it is. <paramref name="x"/> holds whole rows of <paramref name="cols"/> cells.</summary>
    public abstract void Scan(ReadOnlySpan<T> x, int cols, Span<T> dst);

    /// <summary>True if some operands have no result, so that cells are looked at twice.</summary>
    public abstract bool IsPartial { get; }
}

/// <summary>The loops of <see cref="EwBinary"/> for one operator.</summary>
sealed class EwBinaryKernel<T, TOp> : EwBinaryKernel<T> where T : unmanaged where TOp : struct, IBinaryOp<T>
{
    public override bool IsPartial => TOp.IsPartial;

    public override void Apply(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> dst, CellPlace place)
    {
        if (TOp.IsPartial) EwBinary.Check<T, TOp>(x, y, place);
        EwBinary.Apply<T, TOp>(x, y, dst);
    }

    public override void ApplyRightScalar(ReadOnlySpan<T> x, T y, Span<T> dst, CellPlace place)
    {
        if (TOp.IsPartial) EwBinary.CheckRightScalar<T, TOp>(x, y, place);
        EwBinary.ApplyRightScalar<T, TOp>(x, y, dst);
    }

    public override void ApplyLeftScalar(T x, ReadOnlySpan<T> y, Span<T> dst, CellPlace place)
    {
        if (TOp.IsPartial) EwBinary.CheckLeftScalar<T, TOp>(x, y, place);
        EwBinary.ApplyLeftScalar<T, TOp>(x, y, dst);
    }

    public override T Invoke(T x, T y) => TOp.IsPartial && !TOp.IsDefined(x, y) ? throw TOp.Undefined(x, y, "") : TOp.Invoke(x, y);

    public override T InvokeScalar(T x, T y) => TOp.HasScalarRule ? TOp.InvokeScalar(x, y) : Invoke(x, y);

    public override void Scan(ReadOnlySpan<T> x, int cols, Span<T> dst)
    {
        if (x.IsEmpty) return;
        x[..cols].CopyTo(dst);
        if (cols >= 16)
            for (int at = cols; at < x.Length; at += cols) EwBinary.Apply<T, TOp>(dst.Slice(at - cols, cols), x.Slice(at, cols), dst.Slice(at, cols));
        else if (cols == 1)
        {
            T last = x[0];   // in a register: through memory, each cell would wait for the store before it
            for (int i = 1; i < x.Length; i++) dst[i] = last = TOp.Invoke(last, x[i]);
        }
        else
            for (int i = cols; i < x.Length; i++) dst[i] = TOp.Invoke(dst[i - cols], x[i]);
    }
}
