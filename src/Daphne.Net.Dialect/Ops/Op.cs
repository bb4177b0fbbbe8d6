using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Daphne.Net.Dialect;

/// <summary>
/// The table of operations, one row each, in one file per family. Mnemonics and operand order are those of the original's <c>daphne</c> dialect
/// (its <c>DaphneOps.td</c>), so that fragments mean the same to its coordinator and workers.
/// </summary>
public static partial class Op
{
    // Filled by Row(...). Field initialisers of a partial class run in file order, so nothing here may have an initialiser of its own:
    // the list is made by the first row, and what rows share are properties.
    static List<OpDef>? rows;

    static Op()
    {
        All = [.. rows!];
        ByFullName = All.ToFrozenDictionary(op => op.FullName);
        BuiltinsByName = All.SelectMany(op => op.Builtins.Select(b => (Op: op, Builtin: b))).GroupBy(x => x.Builtin.Name)
            .ToFrozenDictionary(g => g.Key, g => g.ToImmutableArray());
        ByToken = All.Where(op => op.Token is not null).GroupBy(op => (op.Token!, op.Arity)).ToFrozenDictionary(g => g.Key, g => g.Single());
    }

    /// <summary>Every operation.</summary>
    public static ImmutableArray<OpDef> All { get; }

    /// <summary>Operations by IR name, for instance <c>daphne.ewAdd</c>.</summary>
    public static FrozenDictionary<string, OpDef> ByFullName { get; }

    /// <summary>Built-in functions by DaphneDSL name; several where an axis argument chooses the operation.</summary>
    public static FrozenDictionary<string, ImmutableArray<(OpDef Op, Builtin Builtin)>> BuiltinsByName { get; }

    /// <summary>Operations by operator token and number of operands.</summary>
    public static FrozenDictionary<(string Token, int Arity), OpDef> ByToken { get; }

    static OpDef Row(OpDef op)
    {
        (rows ??= []).Add(op);
        return op;
    }

    static Parameter P(string name, ParameterKind kind = ParameterKind.Any) => new(name, kind);
    static Parameter P(string name, ParameterKind kind, object defaultValue) => new(name, kind) { Default = defaultValue };
}
