using System.Collections.Immutable;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

/// <summary>
/// From the syntax tree to SSA with regions. Types are inferred as operations are made, because overloads, casts and specialised functions look at
/// them; shapes are never looked at here. One file per family of constructs.
/// </summary>
sealed partial class ScriptLowering
{
    readonly IrModule module = new();
    readonly List<Diagnostic> errors = [];
    readonly CompilerOptions options;
    readonly IrBuilder builder;
    readonly Dictionary<string, Value> bound = [];
    Scopes scopes = new();

    ScriptLowering(Script script, CompilerOptions options)
    {
        (this.options, names) = (options, ScriptNames.Main(script, options));
        // Over names, not over pairs: code for lists of pairs would be compiled at every start of the tool.
        string[] inputs = options.Arguments.Count == 0 ? [] : [.. options.Arguments.Keys.Where(name => options.Arguments[name].Constant is null).Order(StringComparer.Ordinal)];
        var main = module.AddFunction("main", inputs.Length == 0 ? [] : inputs.Select(name => options.Arguments[name].Type), []);
        builder = new IrBuilder(main.Regions[0].Block);
        for (int i = 0; i < inputs.Length; i++)
        {
            bound[inputs[i]] = builder.Block.Arguments[i];
            builder.Block.Arguments[i].Name = inputs[i];
        }
    }

    /// <summary>Lowers a script. The module is sound only if nothing was reported.</summary>
    public static CompiledScript Lower(Script script, CompilerOptions options, DiagnosticBag diagnostics)
    {
        var lowering = new ScriptLowering(script, options);
        lowering.AnnounceFunctions(script);
        lowering.LowerAll(script.Statements);
        var compiled = lowering.Finish(script.Span);
        if (lowering.errors.Count > 0)
            foreach (var error in lowering.InOrder()) diagnostics.Add(error);
        return compiled;
    }

    // Hands back what is wanted of the variables that are alive at the end; those of imported scripts only by name.
    CompiledScript Finish(SourceSpan span)
    {
        string[] kept = options.Outputs is { Count: 0 } ? [] : [.. scopes.Top.Keys.Where(name => scopes.Top[name].Value is not null && (options.Outputs?.Contains(name) ?? !name.Contains('.')) && !IsView(name)).Order(StringComparer.Ordinal)];
        var values = new Value[kept.Length];
        for (int i = 0; i < values.Length; i++) values[i] = scopes.Top[kept[i]].Value!;
        var main = module.Function("main")!;
        builder.Emit(Op.Return, span with { Start = span.End, Length = 0 }, values);
        Declare(main, values);
        if (module.Functions.Count > 1)
            module.Remove(module.Functions.Except(Reachable(main)).ToHashSet());
        foreach (var function in module.Functions) MarkAlone(function.Regions[0]);
        return new CompiledScript(module, bound.Count == 0 ? [] : [.. bound.Keys.Order(StringComparer.Ordinal).Select(name => new ScriptValue(name, bound[name].Type))],
            kept.Length == 0 ? [] : [.. kept.Select((name, i) => new ScriptValue(name, values[i].Type))]);
    }

    // Later passes leave operations without users behind, and only they know that nobody misses those; these the script wrote.
    static void MarkAlone(Region region)
    {
        foreach (var block in region.Blocks)
            foreach (var op in block.Operations)
            {
                foreach (var inner in op.Regions) MarkAlone(inner);
                if (op.Results.Count > 0 && op.Def.Is(OpTraits.Pure) && op.Def != Op.Constant && op.Def != Op.MatrixConstant) op.StandsAlone = !op.Results.Any(r => r.Uses.Count > 0);
            }
    }

    // Functions that were only checked, or called in a first attempt at a loop, do not stay.
    HashSet<Operation> Reachable(Operation main)
    {
        HashSet<Operation> reached = [];
        var open = new Stack<Operation>([main]);
        while (open.TryPop(out var op))
        {
            if (op.Def == Op.Func && !reached.Add(op)) continue;
            if (op.Attributes.TryGetValue(op.Def == Op.Map ? "func" : "callee", out var symbol)) open.Push(module.Function(((SymbolAttribute)symbol).Name)!);
            foreach (var inner in op.Regions.SelectMany(r => r.Blocks).SelectMany(b => b.Operations)) open.Push(inner);
        }
        return reached;
    }

    static void Declare(Operation function, IReadOnlyList<Value> results) => function.Attributes["function_type"] =
        new TypeAttribute(new FunctionType(ImmutableArray.Create(Value.Types(function.Regions[0].Block.Arguments)), ImmutableArray.Create(Value.Types(results))));

    /// <summary>Reports and gives up on the statement at hand; statements behind it are still looked at.</summary>
    Abandoned Fail(DiagnosticDef def, SourceSpan span, params object?[] details)
    {
        errors.Add(def.At(span, details));
        return new Abandoned();
    }

    // Every name is compared with every other: not for mistakes that nobody will see.
    string? Near(string name, IEnumerable<string> known) => errors.Count < DiagnosticBag.Most ? Nearest.To(name, known) : null;

    /// <summary>The statement at hand cannot be lowered, and the reason has been reported.</summary>
    sealed class Abandoned : Exception;
}
