using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Preparing data.
sealed partial class ScriptLowering
{
    // Without an interval it is that of the cells. Whole numbers in bins with borders that are none are compared as floats.
    Value Bin(Call e)
    {
        var given = Arguments(e, [.. Op.Bin.Builtins[0].Parameters]);
        var arg = Numbers(given[0]!, e);
        if ((given[2] is null) != (given[3] is null)) throw Fail(Diag.BinInterval, e.Span);
        var (min, max) = given[2] is { } lower && given[3] is { } upper
            ? (Number(lower, "the parameter 'min' of 'bin'", e.Span), Number(upper, "the parameter 'max' of 'bin'", e.Span))
            : (builder.Value(Op.MinAll, e.Span, arg), builder.Value(Op.MaxAll, e.Span, arg));
        var own = arg.Type.ValueType()!.Value;
        bool floats = !own.IsFloat() && (min.Type.ValueType()!.Value.IsFloat() || max.Type.ValueType()!.Value.IsFloat());
        if (!floats) return builder.Value(Op.Bin, e.Span, [arg, given[1]!, min, max]);
        var bins = builder.Value(Op.Bin, e.Span, [builder.Cast(arg, ValueTypeCode.F64, e.Span), given[1]!, min, max]);
        return builder.Cast(bins, own == ValueTypeCode.Bool ? ValueTypeCode.SI64 : own, e.Span);
    }

    Value OneHot(Call e)
    {
        var given = Arguments(e, [.. Op.OneHot.Builtins[0].Parameters]);
        return builder.Value(Op.OneHot, e.Span, given[0]!, builder.Cast(Numbers(given[1]!, e), ValueTypeCode.SI64, e.Span));
    }

    Value Quantize(Call e)
    {
        var given = Arguments(e, [.. Op.Quantize.Builtins[0].Parameters]);
        return builder.Value(Op.Quantize, e.Span, Numbers(given[0]!, e), Number(given[1]!, "the parameter 'min' of 'quantize'", e.Span), Number(given[2]!, "the parameter 'max' of 'quantize'", e.Span));
    }

    Value Numbers(Value matrix, Call e) => matrix.Type.ValueType() != ValueTypeCode.Str ? matrix : throw Fail(Diag.TextOperand, e.Span, $"'{e.Function}'");
}
