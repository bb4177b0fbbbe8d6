using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>An operator on bytes used on bools: what it yields keeps its lowest bit, so true + true is false and -true is true, as the language has it.</summary>
readonly struct AsBit<TOp> : IBinaryOp<bool> where TOp : struct, IBinaryOp<byte>
{
    public static bool Invoke(bool x, bool y) => (TOp.Invoke(Bit.Of(x), Bit.Of(y)) & 1) != 0;
    public static bool IsPartial => TOp.IsPartial;
    public static bool IsDefined(bool x, bool y) => TOp.IsDefined(Bit.Of(x), Bit.Of(y));
    public static RaisedException Undefined(bool x, bool y, string where) => TOp.Undefined(Bit.Of(x), Bit.Of(y), where);
}

/// <summary>The unary twin of <see cref="AsBit{TOp}"/>.</summary>
readonly struct AsBitUnary<TOp> : IUnaryOp<bool> where TOp : struct, IUnaryOp<byte>
{
    public static bool Invoke(bool x) => (TOp.Invoke(Bit.Of(x)) & 1) != 0;
}

static class Bit
{
    public static byte Of(bool x) => x ? (byte)1 : (byte)0;
}
