using System.Collections.Immutable;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

/// <summary>A function of the script: its text, and what it became for the argument types it was called with.</summary>
sealed class UserFunction(FunctionStatement syntax, ScriptNames script, ImmutableArray<IrType?> parameters, ImmutableArray<IrType?>? results)
{
    public FunctionStatement Syntax { get; } = syntax;

    /// <summary>The script that defines it: its body sees the functions there.</summary>
    public ScriptNames Script { get; } = script;

    /// <summary>Declared types; null where untyped, a matrix without value type or a frame without columns where any will do.</summary>
    public ImmutableArray<IrType?> Parameters { get; } = parameters;

    /// <summary>Declared results; null where the body decides.</summary>
    public ImmutableArray<IrType?>? Results { get; } = results;

    /// <summary>What it became, by argument types.</summary>
    public Dictionary<FunctionType, Instance> Instances { get; } = [];

    /// <summary>True if its parameters say everything, so that there is one instance and it can be checked where it stands.</summary>
    public bool IsTyped => Parameters.All(p => p is not (null or MatrixType { ValueType: null } or FrameType));

    /// <summary>How many parameters are declared: the more, the better a call fits.</summary>
    public int Precision => Parameters.Sum(p => p is null ? 0 : p is MatrixType { ValueType: null } ? 1 : 2);

    /// <summary>True if arguments of these types fit, without conversion.</summary>
    public bool Accepts(IReadOnlyList<IrType> arguments) => Parameters.Length == arguments.Count && Parameters.Zip(arguments, Fits).All(fits => fits);

    /// <summary>True if a value of a type may stand where a type is declared. A size is what an unsigned number is.</summary>
    public static bool Fits(IrType? declared, IrType type) => declared switch
    {
        null => true,
        MatrixType { ValueType: null } => type is MatrixType,
        _ => declared.GetType() == type.GetType() && Named(type.ValueType()) == declared.ValueType(),
    };

    /// <summary><c>f(f64, matrix&lt;f64&gt;)</c>.</summary>
    public override string ToString() => $"{Syntax.Name}({string.Join(", ", Parameters.Select(p => p?.InDsl() ?? "any"))})";

    static ValueTypeCode? Named(ValueTypeCode? code) => code == ValueTypeCode.Size ? ValueTypeCode.UI64 : code;
}

/// <summary>A function of the IR made of a user function.</summary>
sealed class Instance(string symbol)
{
    public string Symbol { get; } = symbol;

    /// <summary>Its results; null until they are known, or where its body is wrong.</summary>
    public ImmutableArray<IrType>? Results { get; set; }

    /// <summary>Where its parameters stand.</summary>
    public Block? Entry { get; set; }

    /// <summary>Values of the host it needs, as parameters behind its own, by name of the script argument; in order of first use.</summary>
    public OrderedDictionary<string, Value> HostValues { get; } = [];

    /// <summary>Calls of itself in its own body.</summary>
    public List<Operation> OwnCalls { get; } = [];

    /// <summary>True while its body is being lowered.</summary>
    public bool UnderWay { get; set; }
}
