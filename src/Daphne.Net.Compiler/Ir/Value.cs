using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>A place where a value is used: an operation and an operand position.</summary>
public sealed record Use(Operation User, int Index);

/// <summary>An SSA value: assigned once, by an operation or as an argument of a block.</summary>
public sealed class Value
{
    readonly List<Use> uses = [];

    internal Value(IrType type, Operation? producer, Block? block, int index) => (Type, Producer, Block, Index) = (type, producer, block, index);

    /// <summary>Its type; inference refines it.</summary>
    public IrType Type { get; set; }

    /// <summary>The operation whose result it is; null for a block argument.</summary>
    public Operation? Producer { get; }

    /// <summary>The block whose argument it is; null for a result.</summary>
    public Block? Block { get; }

    /// <summary>Its position among the results or arguments.</summary>
    public int Index { get; internal set; }

    /// <summary>A name from the script, for people who read the IR; carries no meaning.</summary>
    public string? Name { get; set; }

    /// <summary>Where it is used: operation and operand position, in no particular order.</summary>
    public IReadOnlyList<Use> Uses => uses;

    /// <summary>The constant it is: a bool, long, ulong, double, float or string; null where it is not a <c>daphne.constant</c>.</summary>
    public object? Constant => Producer?.Def == Op.Constant ? ((ScalarAttribute)Producer.Attributes["value"]).Value : null;

    internal static IrType[] Types(IReadOnlyList<Value> values)
    {
        var types = new IrType[values.Count];
        for (int i = 0; i < types.Length; i++) types[i] = values[i].Type;
        return types;
    }

    /// <summary>Puts <paramref name="other"/> wherever this value is used.</summary>
    public void ReplaceAllUsesWith(Value other)
    {
        if (ReferenceEquals(this, other)) return;
        foreach (var (user, index) in uses.ToArray()) user.SetOperand(index, other);
    }

    /// <summary>Notes a use; returns its slot.</summary>
    internal int AddUse(Operation user, int index)
    {
        uses.Add(new(user, index));
        return uses.Count - 1;
    }

    /// <summary>Forgets the use in a slot: the last one moves there, so that a constant with very many uses stays cheap.</summary>
    internal void RemoveUse(int slot)
    {
        var moved = uses[^1];
        uses.RemoveAt(uses.Count - 1);
        if (slot == uses.Count) return;
        uses[slot] = moved;
        moved.User.UseMoved(moved.Index, slot);
    }
}
