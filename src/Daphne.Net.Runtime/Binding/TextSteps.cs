using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Operations on string scalars. Strings compare in byte order, see <see cref="TextOrder"/>.</summary>
static class TextSteps
{
    public static Step Bind(Operation op, Emitter e)
    {
        if (op.Operands.Any(v => v.Type is not ScalarType)) throw Diag.NotThisTypeYet.Raise(op.Def.ScriptName, "matrices of strings");
        if (op.Operands.Count == 1)
        {
            var function = Function(op.Def);
            int from = e.Text(op, 0), into = e.Object(op.Result);
            return new Do(f => f.Own(into, function(f.Text(from))));
        }
        int x = e.Text(op, 0), y = e.Text(op, 1);
        if (op.Def == Op.EwAdd || op.Def == Op.EwConcat)
        {
            int text = e.Object(op.Result);
            return new Do(f => f.Own(text, f.Text(x) + f.Text(y)));
        }
        var holds = Comparison(op.Def);
        int to = e.Number(op.Result);
        return new Do(f => f.Bits[to] = holds(TextOrder.Compare(f.Text(x), f.Text(y))) ? 1UL : 0UL);
    }

    /// <summary>What a comparison makes of the order of two strings.</summary>
    public static Func<int, bool> Comparison(OpDef op) =>
        op == Op.EwEq || op == Op.OuterEq ? static c => c == 0 :
        op == Op.EwNeq || op == Op.OuterNeq ? static c => c != 0 :
        op == Op.EwLt || op == Op.OuterLt ? static c => c < 0 :
        op == Op.EwLe || op == Op.OuterLe ? static c => c <= 0 :
        op == Op.EwGt || op == Op.OuterGt ? static c => c > 0 :
        op == Op.EwGe || op == Op.OuterGe ? static c => c >= 0 :
        throw Diag.NotThisTypeYet.Raise(op.Name, "strings");

    /// <summary>What an operation makes of one string.</summary>
    public static Func<string, string> Function(OpDef op) => op == Op.EwUpper ? LetterCase.Upper : op == Op.EwLower ? LetterCase.Lower : throw Diag.NotThisTypeYet.Raise(op.ScriptName, "strings");
}
