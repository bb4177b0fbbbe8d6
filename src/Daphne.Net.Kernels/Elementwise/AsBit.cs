using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>An operator on bytes used on bools: what it yields keeps its lowest bit, so true + true is false and -true is true, as the language has it.</summary>
public readonly struct AsBit<TOp> : IBinaryOp<bool> where TOp : struct, IBinaryOp<byte>
{
    /// <inheritdoc/>
    public static bool Invoke(bool x, bool y) => (TOp.Invoke(Bit.Of(x), Bit.Of(y)) & 1) != 0;
    /// <inheritdoc/>
    public static bool IsPartial => TOp.IsPartial;
    /// <inheritdoc/>
    public static bool IsDefined(bool x, bool y) => TOp.IsDefined(Bit.Of(x), Bit.Of(y));
    /// <inheritdoc/>
    public static RaisedException Undefined(bool x, bool y, string where) => TOp.Undefined(Bit.Of(x), Bit.Of(y), where);
}

/// <summary>The unary twin of <see cref="AsBit{TOp}"/>.</summary>
public readonly struct AsBitUnary<TOp> : IUnaryOp<bool> where TOp : struct, IUnaryOp<byte>
{
    /// <inheritdoc/>
    public static bool Invoke(bool x) => (TOp.Invoke(Bit.Of(x)) & 1) != 0;
}

static class Bit
{
    public static byte Of(bool x) => x ? (byte)1 : (byte)0;
}
