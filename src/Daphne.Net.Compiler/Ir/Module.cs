using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>A program in the IR: functions, of which <c>main</c> is the script.</summary>
public sealed class IrModule
{
    readonly List<Operation> functions = [];

    // The first of a name: two are a mistake that the verifier finds.
    readonly Dictionary<string, Operation> byName = new(StringComparer.Ordinal);

    /// <summary>The functions (<c>func.func</c>) in order.</summary>
    public IReadOnlyList<Operation> Functions => functions;

    /// <summary>Adds an empty function whose body has one argument per input.</summary>
    public Operation AddFunction(string name, IEnumerable<IrType> inputs, IEnumerable<IrType> results, SourceSpan span = default)
    {
        var func = new Operation(Op.Func, [], [], span);
        ImmutableArray<IrType> ins = inputs.ToImmutableArray(), outs = results.ToImmutableArray();
        func.Attributes["sym_name"] = new StringAttribute(name);
        func.Attributes["function_type"] = new TypeAttribute(new FunctionType(ins, outs));
        foreach (var type in ins) func.Regions[0].Block.AddArgument(type);
        functions.Add(func);
        byName.TryAdd(name, func);
        return func;
    }

    /// <summary>Finds a function by name.</summary>
    public Operation? Function(string name) => byName.GetValueOrDefault(name);

    /// <summary>Removes functions nobody calls.</summary>
    public void Remove(IReadOnlyCollection<Operation> unused)
    {
        foreach (var function in unused)
        {
            function.DropUses();
            if (byName.GetValueOrDefault(NameOf(function)) == function) byName.Remove(NameOf(function));
        }
        functions.RemoveAll(unused.Contains);
    }

    /// <summary>The name of a function.</summary>
    public static string NameOf(Operation function) => ((StringAttribute)function.Attributes["sym_name"]).Value;

    /// <summary>The type of a function.</summary>
    public static FunctionType TypeOf(Operation function) => (FunctionType)((TypeAttribute)function.Attributes["function_type"]).Type;
}
