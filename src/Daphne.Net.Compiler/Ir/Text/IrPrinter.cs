using System.Globalization;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Writes the generic form. Values are numbered as MLIR does: all of a region first, then on from there in each region within.</summary>
sealed class IrPrinter
{
    readonly StringBuilder text = new();
    readonly Dictionary<Value, string> names = [];

    public override string ToString() => text.ToString();

    public void Function(Operation func)
    {
        names.Clear();
        var type = IrModule.TypeOf(func);
        Number(func, 0, 0);
        text.Append("func.func ").Append(Symbol(IrModule.NameOf(func))).Append('(');
        Join(func.Regions[0].Block.Arguments, a => text.Append(names[a]).Append(": ").Append(a.Type));
        text.Append(')');
        if (type.Results.Length > 0) text.Append(" -> ").Append(ResultTypes(type.Results));
        var extra = func.Attributes.Where(a => a.Key is not ("sym_name" or "function_type")).ToArray();
        if (extra.Length > 0)
        {
            text.Append(" attributes {");
            Join(extra, a => text.Append(AttributeText.Key(a.Key)).Append(" = ").Append(AttributeText.Of(a.Value)));
            text.Append('}');
        }
        text.Append(" {\n");
        foreach (var op in func.Regions[0].Block.Operations) Line(op, 1);
        text.Append("}\n");
    }

    /// <summary>An operation without its function: values from outside are named as they come.</summary>
    public void Alone(Operation op)
    {
        foreach (var operand in op.Operands) names.TryAdd(operand, "%in" + names.Count.ToString(CultureInfo.InvariantCulture));
        int next = 0;
        Name(op, ref next);
        Number(op, next, 0);
        Line(op, 0);
    }

    void Line(Operation op, int depth)
    {
        Indent(depth);
        if (op.Results.Count > 0)
        {
            text.Append(names[op.Results[0]].Split('#')[0]);
            if (op.Results.Count > 1) text.Append(':').Append(op.Results.Count);
            text.Append(" = ");
        }
        text.Append('"').Append(op.Def.FullName).Append("\"(");
        Join(op.Operands, v => text.Append(NameOf(v)));
        text.Append(')');
        if (op.HasAttributes)
        {
            text.Append(" <{");
            Join(op.Attributes, a => text.Append(AttributeText.Key(a.Key)).Append(" = ").Append(AttributeText.Of(a.Value, op.Def == Op.Constant)));
            text.Append("}>");
        }
        if (op.Regions.Count > 0)
        {
            text.Append(" (");
            Join(op.Regions, r => Region(r, depth));
            text.Append(')');
        }
        text.Append(" : (");
        Join(op.Operands, v => text.Append(v.Type));
        text.Append(") -> ").Append(ResultTypes([.. op.Results.Select(r => r.Type)])).Append('\n');
    }

    void Region(Region region, int depth)
    {
        text.Append("{\n");
        foreach (var block in region.Blocks)
        {
            if (block.Arguments.Count > 0)
            {
                Indent(depth);
                text.Append("^bb0(");
                Join(block.Arguments, a => text.Append(names[a]).Append(": ").Append(a.Type));
                text.Append("):\n");
            }
            foreach (var op in block.Operations) Line(op, depth + 1);
        }
        Indent(depth);
        text.Append('}');
    }

    void Number(Operation holder, int next, int nextArgument)
    {
        foreach (var region in holder.Regions)
        {
            int n = next, a = nextArgument;
            foreach (var block in region.Blocks)
            {
                foreach (var argument in block.Arguments) names[argument] = "%arg" + a++.ToString(CultureInfo.InvariantCulture);
                foreach (var op in block.Operations) Name(op, ref n);
                foreach (var op in block.Operations)
                    if (op.Regions.Count > 0) Number(op, n, a);
            }
        }
    }

    void Name(Operation op, ref int next)
    {
        if (op.Results.Count == 0) return;
        string name = "%" + next++.ToString(CultureInfo.InvariantCulture);
        foreach (var result in op.Results)
            names[result] = op.Results.Count == 1 ? name : name + "#" + result.Index.ToString(CultureInfo.InvariantCulture);
    }

    // A value from nowhere is a broken module; it must still be possible to look at one.
    string NameOf(Value value) => names.TryGetValue(value, out string? name) ? name : "%unknown";

    static string ResultTypes(IReadOnlyList<IrType> types) =>
        types is [not FunctionType] ? types[0].ToString() : "(" + string.Join(", ", types) + ")";

    void Indent(int depth) => text.Append(' ', 2 * depth);

    void Join<T>(IEnumerable<T> items, Action<T> write)
    {
        bool more = false;
        foreach (var item in items)
        {
            if (more) text.Append(", ");
            more = true;
            write(item);
        }
    }

    internal static string Symbol(string name) => "@" + (AttributeText.IsBare(name) ? name : IrQuote.Quote(name));
}
