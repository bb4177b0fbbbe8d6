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
        if (op.Operands.Count != 2) throw Diag.NotThisTypeYet.Raise(op.Def.ScriptName, "strings");
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
        op == Op.EwEq ? static c => c == 0 :
        op == Op.EwNeq ? static c => c != 0 :
        op == Op.EwLt ? static c => c < 0 :
        op == Op.EwLe ? static c => c <= 0 :
        op == Op.EwGt ? static c => c > 0 :
        op == Op.EwGe ? static c => c >= 0 :
        throw Diag.NotThisTypeYet.Raise(op.Name, "strings");
}
