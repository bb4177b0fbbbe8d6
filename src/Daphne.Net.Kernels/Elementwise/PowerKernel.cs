using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>Powers, with the exponents that scripts write most (X^2, X^-1) as vector loops; the bits are those of <see cref="Power{T}"/>.</summary>
sealed class PowerKernel<T> : EwBinaryKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    static readonly EwBinaryKernel<T, Power<T>> plain = new();

    public override bool IsPartial => false;
    public override void Apply(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> dst, CellPlace place) => plain.Apply(x, y, dst, place);
    public override void ApplyLeftScalar(T x, ReadOnlySpan<T> y, Span<T> dst, CellPlace place) => plain.ApplyLeftScalar(x, y, dst, place);
    public override T Invoke(T x, T y) => Power<T>.Invoke(x, y);
    public override T InvokeScalar(T x, T y) => Power<T>.Invoke(x, y);
    public override void Scan(ReadOnlySpan<T> x, int cols, Span<T> dst) => plain.Scan(x, cols, dst);

    public override void ApplyRightScalar(ReadOnlySpan<T> x, T y, Span<T> dst, CellPlace place)
    {
        if (y == T.One + T.One) EwBinary.Apply<T, Multiply<T>>(x, x, dst);
        else if (y == T.NegativeOne) EwBinary.ApplyLeftScalar<T, Divide<T>>(T.One, x, dst);
        else plain.ApplyRightScalar(x, y, dst, place);
    }
}
