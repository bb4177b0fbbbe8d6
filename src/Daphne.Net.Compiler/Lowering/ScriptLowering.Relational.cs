using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Joins and groups: how many arguments are keys follows from how many there are.
sealed partial class ScriptLowering
{
    // Half of the arguments behind the frames name columns of the left one, half of the right one: text or a position.
    Value KeyJoin(Call e, OpDef def)
    {
        Unnamed(e);
        int keys = (e.Arguments.Count - 2) / 2;
        if (e.Arguments.Count < 4 || e.Arguments.Count % 2 != 0) throw Fail(Diag.KeyPairs, e.Span, e.Function);
        var operands = Arguments(e, [.. def.Builtins[0].Parameters[..2], .. Repeated("leftOn", ParameterKind.Scalar, keys), .. Repeated("rightOn", ParameterKind.Scalar, keys)]);
        for (int i = 2; i < operands.Length; i++)
        {
            var name = operands[i]!;
            if (name.Type.ValueType() != ValueTypeCode.Str) operands[i] = builder.Cast(name, ValueTypeCode.SI64, e.Arguments[i].Value.Span);
        }
        return builder.Value(def, e.Span, [.. operands.Select(o => o!)]);
    }

    Value GroupSum(Call e)
    {
        Unnamed(e);
        if (e.Arguments.Count < 3) throw Fail(Diag.GroupKeys, e.Span, e.Function);
        var operands = Arguments(e, [Op.Group.Builtins[0].Parameters[0], .. Repeated("grpColNames", ParameterKind.Text, e.Arguments.Count - 2), Op.Group.Builtins[0].Parameters[^1]]);
        for (int i = 1; i < operands.Length; i++) Known(e, i, operands[0]!, operands[i]!);
        return builder.Value(Op.Group, e.Span, [.. operands.Select(o => o!)]);
    }

    IReadOnlyList<Value> SemiJoin(Call e)
    {
        var operands = Arguments(e, [.. Op.SemiJoin.Builtins[0].Parameters]);
        Known(e, 2, operands[0]!, operands[2]!);
        return builder.Emit(Op.SemiJoin, e.Span, operands.Select(o => o!)).Results;
    }

    IReadOnlyList<Value> GroupJoin(Call e)
    {
        var operands = Arguments(e, [.. Op.GroupJoin.Builtins[0].Parameters]);
        Known(e, 2, operands[0]!, operands[2]!);
        Known(e, 4, operands[1]!, operands[4]!);
        return builder.Emit(Op.GroupJoin, e.Span, operands.Select(o => o!)).Results;
    }

    // A column of the result must exist now, where its label and those of the frame are known.
    void Known(Call e, int operand, Value frame, Value name)
    {
        if (name.Constant is not string label || frame.Type is not FrameType { Labels: { IsDefault: false } labels } || labels.Contains(label, StringComparer.Ordinal)) return;
        var span = operand < e.Arguments.Count && e.Arguments[operand].Keyword is null ? e.Arguments[operand].Value.Span : e.Span;
        throw Fail(Diag.KeyUnknown, span, e.Function, label, labels.Length == 0 ? "no columns" : string.Join(", ", labels));
    }

    static IEnumerable<Parameter> Repeated(string name, ParameterKind kind, int count) => Enumerable.Range(1, count).Select(i => new Parameter($"{name} {i}", kind));
}
