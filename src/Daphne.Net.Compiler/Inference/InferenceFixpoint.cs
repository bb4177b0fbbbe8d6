using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Types and shapes of a whole module: through branches, loops and calls, until nothing changes. A loop starts from what its initial values are
/// and forgets only what its body really changes; a function knows what all its calls have in common. Value types are never changed, only found.
/// </summary>
sealed class InferenceFixpoint
{
    // Facts are only ever forgotten, and a type has few of them, so this is reached only if a rule contradicts itself.
    const int MostRounds = 64;

    readonly IrModule module;
    readonly TypeRefinement? refinement;
    readonly Dictionary<string, Operation> functions = [];
    readonly Dictionary<Operation, IrType[]> given = [];
    readonly Dictionary<Operation, IrType[]> returned = [];
    readonly HashSet<Operation> underWay = [], visited = [];

    InferenceFixpoint(IrModule module, TypeRefinement? refinement)
    {
        (this.module, this.refinement) = (module, refinement);
        foreach (var function in module.Functions) functions.Add(IrModule.NameOf(function), function);
    }

    /// <summary>Infers a module; calls start at <c>main</c>.</summary>
    public static void Run(IrModule module, TypeRefinement? refinement = null) => new InferenceFixpoint(module, refinement).Run();

    void Run()
    {
        for (int round = 0; ; round++)
        {
            if (round == MostRounds) throw new System.Diagnostics.UnreachableException("type inference does not settle");
            var (givenBefore, returnedBefore) = (new Dictionary<Operation, IrType[]>(given), new Dictionary<Operation, IrType[]>(returned));
            visited.Clear();
            if (module.Function("main") is { } main) VisitFunction(main);
            // Functions that only map calls, or nobody: what they declare is all there is to know.
            foreach (var function in module.Functions)
                if (!visited.Contains(function)) VisitFunction(function);
            if (Same(givenBefore, given) && Same(returnedBefore, returned)) break;
        }
        foreach (var function in module.Functions)
            function.Attributes["function_type"] = new TypeAttribute(new FunctionType(ImmutableArray.Create(Value.Types(function.Regions[0].Block.Arguments)), ImmutableArray.Create(returned[function])));
    }

    static bool Same(Dictionary<Operation, IrType[]> before, Dictionary<Operation, IrType[]> after)
    {
        if (before.Count != after.Count) return false;
        foreach (var (function, types) in after)
            if (!types.AsSpan().SequenceEqual(before[function])) return false;
        return true;
    }

    void VisitFunction(Operation function)
    {
        if (!underWay.Add(function)) return;
        visited.Add(function);
        var body = function.Regions[0].Block;
        Visit(body);
        var types = Value.Types(body.Terminator.Operands);
        if (refinement is not null)
            for (int i = 0; i < types.Length; i++) types[i] = refinement.Returned(function, types[i]);
        returned[function] = types;
        underWay.Remove(function);
    }

    void Visit(Block block)
    {
        foreach (var op in block.Operations) Visit(op);
    }

    void Visit(Operation op)
    {
        if (op.Def == Op.For) VisitFor(op);
        else if (op.Def == Op.While) VisitWhile(op);
        else if (op.Def == Op.Call) VisitCall(op);
        else
        {
            if (op.Def == Op.VectorizedPipeline) return;
            foreach (var region in op.Regions)
                foreach (var body in region.Blocks) Visit(body);
            Inference.Apply(op);
            refinement?.Refine(op);
        }
    }

    void VisitFor(Operation op)
    {
        var body = op.Regions[0].Block;
        Settle([.. body.Arguments.Skip(1)], [.. op.Operands.Skip(3)], () =>
        {
            Visit(body);
            return body.Terminator.Operands;
        });
        for (int i = 0; i < op.Results.Count; i++) op.Results[i].Type = body.Arguments[i + 1].Type;
    }

    void VisitWhile(Operation op)
    {
        var (test, body) = (op.Regions[0].Block, op.Regions[1].Block);
        Settle(test.Arguments, op.Operands, () =>
        {
            Visit(test);
            for (int i = 0; i < body.Arguments.Count; i++) body.Arguments[i].Type = test.Terminator.Operands[i + 1].Type;
            Visit(body);
            return body.Terminator.Operands;
        });
        Inference.Apply(op);
    }

    // Runs a loop's regions with ever more forgotten of the carried values, until what comes back is what went in.
    static void Settle(IReadOnlyList<Value> carried, IReadOnlyList<Value> initial, Func<IReadOnlyList<Value>> run)
    {
        for (int i = 0; i < carried.Count; i++) carried[i].Type = initial[i].Type;
        for (bool changed = true; changed;)
        {
            changed = false;
            var next = run();
            for (int i = 0; i < carried.Count; i++)
            {
                var joined = TypeFacts.Join(carried[i].Type, next[i].Type);
                changed |= joined != carried[i].Type;
                carried[i].Type = joined;
            }
        }
    }

    void VisitCall(Operation op)
    {
        var callee = functions[((SymbolAttribute)op.Attributes["callee"]).Name];
        var arguments = callee.Regions[0].Block.Arguments;
        IrType[] now = [.. op.Operands.Select(v => v.Type)];
        given.TryGetValue(callee, out var known);
        if (known is not null) now = [.. known.Zip(now, TypeFacts.Join)];
        if (!visited.Contains(callee) || known is null || !now.SequenceEqual(known))
        {
            given[callee] = now;
            for (int i = 0; i < now.Length; i++) arguments[i].Type = now[i];
            VisitFunction(callee);
        }
        // Round about a recursion nothing is known yet but what the call says itself.
        if (!returned.TryGetValue(callee, out var results)) return;
        for (int i = 0; i < op.Results.Count; i++) op.Results[i].Type = underWay.Contains(callee) ? op.Results[i].Type.WithoutShape() : results[i];
    }
}
