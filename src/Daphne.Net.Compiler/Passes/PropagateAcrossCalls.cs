using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Puts a constant in place of a function's parameter that is this constant in every call. Handing the parameter on to the function itself counts as no
/// other value. Functions that <c>map</c> applies to cells keep their parameters.
/// </summary>
public sealed class PropagateAcrossCalls : Pass
{
    /// <inheritdoc/>
    public override string Name => "propagate-across-calls";

    /// <inheritdoc/>
    public override bool Run(IrModule module)
    {
        if (module.Functions.Count < 2) return false;
        Dictionary<string, List<Operation>> callsOf = [];
        HashSet<string> mapped = [];
        foreach (var function in module.Functions) Find(function.Regions[0], callsOf, mapped);
        bool changed = false;
        // A constant put into a function may be one that it hands on.
        var open = new Queue<Operation>(module.Functions);
        HashSet<Operation> waiting = [.. open];
        while (open.TryDequeue(out var function))
        {
            waiting.Remove(function);
            string name = IrModule.NameOf(function);
            if (mapped.Contains(name) || !callsOf.TryGetValue(name, out var calls)) continue;
            var parameters = function.Regions[0].Block.Arguments;
            for (int i = 0; i < parameters.Count; i++)
                if (parameters[i].Uses.Count > 0 && InEveryCall(calls, i, parameters[i]) is { } constant)
                {
                    foreach (var use in parameters[i].Uses)
                        if (use.User.Def == Op.Call && module.Function(Callee(use.User)) is { } callee && waiting.Add(callee)) open.Enqueue(callee);
                    Replace(parameters[i], constant);
                    changed = true;
                }
        }
        return changed;
    }

    static void Find(Region region, Dictionary<string, List<Operation>> callsOf, HashSet<string> mapped)
    {
        foreach (var op in region.Blocks.SelectMany(b => b.Operations))
        {
            foreach (var inner in op.Regions) Find(inner, callsOf, mapped);
            if (op.Def == Op.Map) mapped.Add(((SymbolAttribute)op.Attributes["func"]).Name);
            if (op.Def != Op.Call) continue;
            if (!callsOf.TryGetValue(Callee(op), out var calls)) callsOf[Callee(op)] = calls = [];
            calls.Add(op);
        }
    }

    static string Callee(Operation call) => ((SymbolAttribute)call.Attributes["callee"]).Name;

    static Operation? InEveryCall(List<Operation> calls, int parameter, Value itself)
    {
        Operation? constant = null;
        foreach (var call in calls)
        {
            var operand = call.Operands[parameter];
            if (operand == itself) continue;
            if (operand.Constant is null || operand.Type != itself.Type) return null;
            if (constant is null) constant = operand.Producer;
            else if (!constant.Attributes["value"].Equals(operand.Producer!.Attributes["value"])) return null;
        }
        return constant;
    }

    static void Replace(Value parameter, Operation constant)
    {
        var entry = parameter.Block!;
        var copy = new Operation(Op.Constant, [], [constant.Result.Type], constant.Span);
        copy.Attributes["value"] = constant.Attributes["value"];
        entry.Insert(copy, entry.Operations[0]);
        parameter.ReplaceAllUsesWith(copy.Result);
    }
}
