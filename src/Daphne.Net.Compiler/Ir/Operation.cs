using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>One operation: what it is (<see cref="Def"/>), what goes in, what comes out, what it holds.</summary>
public sealed class Operation
{
    readonly List<Value> operands = [];

    /// <summary>Makes an operation that belongs to no block yet.</summary>
    public Operation(OpDef def, IEnumerable<Value> operands, IEnumerable<IrType> resultTypes, SourceSpan span = default)
    {
        (Def, Span) = (def, span);
        foreach (var operand in operands) AddOperand(operand);
        Results = [.. resultTypes.Select((type, i) => new Value(type, this, null, i))];
        Regions = [.. Enumerable.Range(0, def.Regions).Select(_ => new Region(this))];
    }

    /// <summary>Its row in the operator table.</summary>
    public OpDef Def { get; }

    /// <summary>Where in the script it comes from.</summary>
    public SourceSpan Span { get; set; }

    /// <summary>What goes in.</summary>
    public IReadOnlyList<Value> Operands => operands;

    /// <summary>What comes out.</summary>
    public IReadOnlyList<Value> Results { get; }

    /// <summary>The only result.</summary>
    /// <exception cref="InvalidOperationException">There are none or several.</exception>
    public Value Result => Results.Single();

    /// <summary>Compile-time facts by name, in ordinal order of names.</summary>
    public SortedDictionary<string, Attribute> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>What it holds.</summary>
    public IReadOnlyList<Region> Regions { get; }

    /// <summary>The block it stands in; null while it stands in none.</summary>
    public Block? Parent { get; internal set; }

    /// <summary>Puts another value at an operand position.</summary>
    public void SetOperand(int index, Value value)
    {
        operands[index].uses.Remove((this, index));
        operands[index] = value;
        value.uses.Add((this, index));
    }

    /// <summary>Adds an operand behind the others.</summary>
    public void AddOperand(Value value)
    {
        value.uses.Add((this, operands.Count));
        operands.Add(value);
    }

    /// <summary>Takes an operand away; those behind it move up.</summary>
    public void RemoveOperand(int index)
    {
        Value[] rest = [.. operands.Skip(index + 1)];
        while (operands.Count > index) DropLastOperand();
        foreach (var value in rest) AddOperand(value);
    }

    /// <summary>Removes it, and what it holds, from its block; its results must not be used any more.</summary>
    public void Erase()
    {
        if (Results.Any(r => r.uses.Count > 0)) throw new InvalidOperationException($"a result of {Def} is still used");
        DropUses();
        Parent?.Remove(this);
    }

    internal void DropUses()
    {
        while (operands.Count > 0) DropLastOperand();
        foreach (var region in Regions)
            foreach (var block in region.Blocks)
                foreach (var op in block.Operations) op.DropUses();
    }

    void DropLastOperand()
    {
        operands[^1].uses.Remove((this, operands.Count - 1));
        operands.RemoveAt(operands.Count - 1);
    }
}
