using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Kernel hints. Kernels are chosen by types here, so a hint changes nothing; one that names no kernel of the operation is a mistake.
sealed partial class ScriptLowering
{
    void CheckHint(Call e, IReadOnlyList<Value> values)
    {
        var made = values.Count > 0 ? values[0].Producer : builder.Block.Operations.Count > 0 ? builder.Block.Operations[^1] : null;
        var rows = Op.BuiltinsByName[e.Function];
        CheckHint(e.Kernel!, e.Span, rows.FirstOrDefault(r => r.Op == made?.Def)?.Op is { } op ? [op] : [.. rows.Select(r => r.Op)]);
    }

    // '+' of text is another operation, and text known now is no operation at all.
    void CheckHint(Binary e, Value value)
    {
        var op = Op.ByToken(e.Operator, 2);
        if (value.Type.ValueType() == ValueTypeCode.Str) op = Op.EwConcat;
        CheckHint(e.Kernel!, e.Span, op);
    }

    void CheckHint(string kernel, SourceSpan span, params OpDef[] ops)
    {
        if (ops.Any(op => KernelHints.Names(kernel, op))) return;
        throw Fail(Diag.UnknownKernel, span, kernel, ops[0].ScriptName, ops[0].Name);
    }
}
