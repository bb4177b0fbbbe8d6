using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

static partial class OwnRules
{
    // Known where the text is and everything about the views. A mistake is none here: lowering reports it where it can, else the run does.
    static Dictionary<OpDef, OwnRule> Queries() => new() { [Op.Sql] = op => [SqlCompiler.Query(op) is { } query ? SqlCompiler.ResultType(query) : SqlCompiler.Unknown] };
}
