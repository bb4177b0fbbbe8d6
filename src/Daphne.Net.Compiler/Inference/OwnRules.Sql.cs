using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

static partial class OwnRules
{
    static Dictionary<OpDef, OwnRule> Queries() => new() { [Op.Sql] = op => [QueryResult(op)] };

    // Known where the text is and everything about the views. A mistake is none here: lowering reports it where it can, else the run does.
    static FrameType QueryResult(Operation op)
    {
        if (op.Operands[0].Constant is not string text) return SqlCompiler.Unknown;
        var names = ((ArrayAttribute)op.Attributes["views"]).Items;
        var views = new SqlViewSchema[names.Length];
        for (int i = 0; i < views.Length; i++)
        {
            if (SqlCompiler.Schema(((StringAttribute)names[i]).Value, op.Operands[i + 1].Type) is not { } schema) return SqlCompiler.Unknown;
            views[i] = schema;
        }
        return SqlCompiler.Compile(new SourceText(text), views, new DiagnosticBag()) is { } query ? SqlCompiler.ResultType(query) : SqlCompiler.Unknown;
    }
}
