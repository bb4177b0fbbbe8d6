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

    // Plain loops over plain dictionaries: this runs at every start of the tool, and generic code over value types is compiled then.
    static Op()
    {
        var all = rows!;
        Dictionary<string, OpDef> byName = new(all.Count, StringComparer.Ordinal), byToken = new(StringComparer.Ordinal);
        Dictionary<string, List<BuiltinRow>> builtins = new(StringComparer.Ordinal);
        foreach (var op in all)
        {
            byName.Add(op.FullName, op);
            if (op.Token is not null) byToken.Add(TokenKey(op.Token, op.Arity), op);
            foreach (var builtin in op.Builtins)
            {
                if (!builtins.TryGetValue(builtin.Name, out var known)) builtins.Add(builtin.Name, known = []);
                known.Add(new(op, builtin));
            }
        }
        (All, ByFullName, Op.byToken) = ([.. all], byName, byToken);
        Dictionary<string, IReadOnlyList<BuiltinRow>> byBuiltin = new(builtins.Count, StringComparer.Ordinal);
        foreach (var (name, known) in builtins) byBuiltin.Add(name, known);
        BuiltinsByName = byBuiltin;
    }

    static readonly Dictionary<string, OpDef> byToken;

    /// <summary>Every operation.</summary>
    public static ImmutableArray<OpDef> All { get; }

    /// <summary>Operations by IR name, for instance <c>daphne.ewAdd</c>.</summary>
    public static IReadOnlyDictionary<string, OpDef> ByFullName { get; }

    /// <summary>Built-in functions by DaphneDSL name; several where an axis argument chooses the operation.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<BuiltinRow>> BuiltinsByName { get; }

    /// <summary>The operation of an operator of the language with so many operands.</summary>
    /// <exception cref="KeyNotFoundException">The language has no such operator.</exception>
    public static OpDef ByToken(string token, int arity) => byToken[TokenKey(token, arity)];

    static string TokenKey(string token, int arity) => token + "/" + (char)('0' + arity);

    static OpDef Row(OpDef op)
    {
        (rows ??= []).Add(op);
        return op;
    }

    static Parameter P(string name, ParameterKind kind = ParameterKind.Any) => new(name, kind);
    static Parameter P(string name, ParameterKind kind, object defaultValue) => new(name, kind) { Default = defaultValue };
}
