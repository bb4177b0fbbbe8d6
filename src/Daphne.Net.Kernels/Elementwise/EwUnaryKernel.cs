using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// One elementwise operator on one operand, bound to one cell type. The destination may be the operand itself but must not partly overlap it. Cells for
/// which the operator has no result (the root of a negative one) raise a diagnostic before anything of the span is written.
/// </summary>
public abstract class EwUnaryKernel<T> where T : unmanaged
{
    /// <summary>dst[i] = op(x[i]). <paramref name="place"/> says where the span lies, for messages.</summary>
    /// <exception cref="RaisedException">A cell has no result.</exception>
    public abstract void Apply(ReadOnlySpan<T> x, Span<T> dst, CellPlace place = default);

    /// <summary>op(x).</summary>
    /// <exception cref="RaisedException">There is no result.</exception>
    public abstract T Invoke(T x);

    /// <summary>True if some cells have no result, so that cells are looked at twice.</summary>
    public abstract bool IsPartial { get; }
}

sealed class EwUnaryKernel<T, TOp> : EwUnaryKernel<T> where T : unmanaged where TOp : struct, IUnaryOp<T>
{
    public override bool IsPartial => TOp.IsPartial;

    public override void Apply(ReadOnlySpan<T> x, Span<T> dst, CellPlace place)
    {
        if (TOp.IsPartial) EwUnary.Check<T, TOp>(x, place);
        EwUnary.Apply<T, TOp>(x, dst);
    }

    public override T Invoke(T x) => TOp.IsPartial && !TOp.IsDefined(x) ? throw TOp.Undefined(x, "") : TOp.Invoke(x);
}
