using System.Collections.Immutable;
using System.Globalization;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// User functions: definition, choice among overloads, one instance per combination of argument types.
sealed partial class ScriptLowering
{
    UserFunction? function;     // the one whose body is being lowered

    void AnnounceFunctions(Script script)
    {
        foreach (var statement in script.Statements)
            if (statement is FunctionStatement f) names.Announced.Add(f.Name);
    }

    void Define(FunctionStatement s)
    {
        var defined = new UserFunction(s, names, [.. s.Parameters.Select(p => p.Type is null ? null : Declared(p.Type))], s.Results is null ? null : [.. s.Results.Select(Declared)]);
        var overloads = names.Functions.TryGetValue(s.Name, out var known) ? known : names.Functions[s.Name] = [];
        foreach (var other in overloads.Where(o => o.Parameters.Length == defined.Parameters.Length))
        {
            if (other.Parameters.SequenceEqual(defined.Parameters)) throw Fail(Diag.SameOverload, s.NameSpan, s.Name);
            if (!other.Syntax.Parameters.Select(p => p.Name).SequenceEqual(s.Parameters.Select(p => p.Name)))
                throw Fail(Diag.OverloadNames, s.NameSpan, s.Name, string.Join(", ", other.Syntax.Parameters.Select(p => p.Name)));
        }
        overloads.Add(defined);
        // What says all its types is checked here, called or not.
        if (defined.IsTyped) InstanceFor(defined, defined.Parameters!, s.NameSpan);
    }

    IrType Declared(TypeName name) => name switch
    {
        { Data: DataTypeName.Matrix } => IrType.Matrix(name.ValueType),
        { Data: DataTypeName.Frame } => anyFrame,
        { ValueType: { } code } => IrType.Scalar(code),
        _ => throw Fail(Diag.ParameterType, name.Span, "scalar"),
    };

    IReadOnlyList<Value> CallUser(Call e)
    {
        if (e.Kernel is not null) throw Fail(Diag.HintOnUserFunction, e.Span, e.Function, e.Kernel);
        var overloads = names.Functions[e.Function];
        var given = e.Arguments.Select(a => Lower(a.Value)).ToArray();
        // Overloads of the same number of parameters name them alike, so that binding comes before choosing.
        var sameCount = overloads.Find(o => o.Parameters.Length == given.Length)
            ?? throw Fail(Diag.ArgumentCount, e.Span, e.Function, string.Join(" or ", overloads.Select(o => o.Parameters.Length).Distinct().Order().Select(n => Count(n, "argument"))),
                given.Length.ToString(CultureInfo.InvariantCulture), "defined is " + string.Join("; ", overloads));
        int[] places = Bind(e, [.. sameCount.Syntax.Parameters.Select(p => new Parameter(p.Name))], given.Length);
        var arguments = places.Select(p => given[p]).ToArray();
        ImmutableArray<IrType> types = [.. arguments.Select(a => a.Type.WithoutShape())];
        var chosen = overloads.Where(o => o.Accepts(types)).MaxBy(o => o.Precision)
            ?? throw Fail(Diag.NoOverload, e.Span, e.Function, string.Join(", ", types.Select(t => t.InDsl())), string.Join("; ", overloads));
        var made = InstanceFor(chosen, types, e.Span);
        for (int i = 0; i < arguments.Length; i++)
            if (chosen.Parameters[i]?.ValueType() is { } code) arguments[i] = builder.Cast(arguments[i], code, e.Span);
        var op = new Operation(Op.Call, arguments, made.Results!.Value.Select(t => t.WithoutShape()), e.Span);
        op.Attributes["callee"] = new SymbolAttribute(made.Symbol);
        HandOver(made, op);
        return builder.Block.Insert(op).Results;
    }

    /// <summary>The function of the IR for these argument types; made on first use.</summary>
    Instance InstanceFor(UserFunction f, ImmutableArray<IrType> arguments, SourceSpan call)
    {
        // A recursion whose frames get other columns each time would never end: only its first call sees which they are.
        bool recursive = f.Instances.Values.Any(i => i.UnderWay);
        ImmutableArray<IrType> types = [.. f.Parameters.Zip(arguments, (p, a) => a is FrameType && recursive ? anyFrame : p is null or MatrixType { ValueType: null } or FrameType ? a : p)];
        var key = new FunctionType(types, []);
        if (f.Instances.TryGetValue(key, out var known))
        {
            if (known.Results is null && known.UnderWay) throw Fail(Diag.RecursionNeedsResults, call, f.Syntax.Name);
            return known.Results is null ? throw new Abandoned() : known;
        }
        var made = f.Instances[key] = new Instance(Symbol(f.Syntax.Name)) { UnderWay = true };
        if (f.Results is { } declared && declared.All(r => r is not MatrixType { ValueType: null })) made.Results = declared!;
        if (!LowerFunction(f, made, types)) made.Results = f.IsTyped ? made.Results : null;
        made.UnderWay = false;
        return made.Results is null ? throw new Abandoned() : made;
    }

    string Symbol(string name)
    {
        // '$' cannot be part of a name in a script; 'main' is the script itself.
        string symbol = name == "main" ? "main$1" : name;
        for (int i = 2; module.Function(symbol) is not null; i++) symbol = $"{name}${i.ToString(CultureInfo.InvariantCulture)}";
        return symbol;
    }

    bool LowerFunction(UserFunction f, Instance made, ImmutableArray<IrType> types)
    {
        var outside = (builder.Block, scopes, names, function, instance, returningIfs, copies);
        (returningIfs, copies) = (0, 0);
        int reported = errors.Count;
        var func = module.AddFunction(made.Symbol, types, [], f.Syntax.Span);
        made.Entry = func.Regions[0].Block;
        (builder.Block, scopes, names, function, instance) = (made.Entry, new Scopes(), f.Script, f, made);
        for (int i = 0; i < types.Length; i++)
        {
            var parameter = f.Syntax.Parameters[i];
            scopes.Declare(parameter.Name, Named(builder.Block.Arguments[i], parameter.Name), parameter.Span);
        }
        try
        {
            var returned = LowerTail(Rest.Of(f.Syntax.Body.Statements, null));
            if (returned is null && f.Results is { Length: > 0 }) throw Fail(Diag.ReturnMissing, f.Syntax.NameSpan, f.Syntax.Name);
            returned ??= [];
            builder.Emit(Op.Return, f.Syntax.Span, returned);
            CompleteOwnCalls(made);
            Declare(func, returned);
            made.Results = [.. returned.Select((v, i) => made.Results?[i] is { } declared and not FrameType ? declared : v.Type.WithoutShape())];
        }
        catch (Abandoned)
        {
            // Reported; calls of this instance fail quietly.
        }
        (builder.Block, scopes, names, function, instance, returningIfs, copies) = outside;
        return errors.Count == reported;
    }
}
