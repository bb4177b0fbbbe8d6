using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>One operation: what it is (<see cref="Def"/>), what goes in, what comes out, what it holds.</summary>
public sealed class Operation
{
    readonly List<Value> operands;
    readonly List<int> slots;   // where each operand stands in its value's list of uses
    AttributeMap? attributes;

    /// <summary>Makes an operation that belongs to no block yet.</summary>
    public Operation(OpDef def, IEnumerable<Value> operands, IEnumerable<IrType> resultTypes, SourceSpan span = default)
    {
        (Def, Span) = (def, span);
        int count = Math.Max(def.Arity, 0);
        (this.operands, slots) = (new(count), new(count));
        foreach (var operand in operands) AddOperand(operand);
        SetResults(resultTypes);
        var regions = def.Regions == 0 ? [] : new Region[def.Regions];
        for (int i = 0; i < regions.Length; i++) regions[i] = new(this);
        Regions = regions;
    }

    /// <summary>Its row in the operator table.</summary>
    public OpDef Def { get; }

    /// <summary>Where in the script it comes from.</summary>
    public SourceSpan Span { get; set; }

    /// <summary>What goes in.</summary>
    public IReadOnlyList<Value> Operands => operands;

    /// <summary>What comes out.</summary>
    public IReadOnlyList<Value> Results { get; private set; } = [];

    /// <summary>The only result.</summary>
    /// <exception cref="InvalidOperationException">There are none or several.</exception>
    public Value Result => Results is [var one] ? one : throw new InvalidOperationException($"{Def} has {Results.Count} results");

    /// <summary>Compile-time facts by name, in ordinal order of names.</summary>
    public AttributeMap Attributes => attributes ??= new();

    /// <summary>True where there are attributes; asking makes no table.</summary>
    internal bool HasAttributes => attributes is { Count: > 0 };

    /// <summary>True if the script wrote it without using a result: it may still fail, and the script expects it to.</summary>
    internal bool StandsAlone { get; set; }

    /// <summary>What it holds.</summary>
    public IReadOnlyList<Region> Regions { get; }

    /// <summary>The block it stands in; null while it stands in none.</summary>
    public Block? Parent { get; internal set; }

    /// <summary>The operation before it in its block.</summary>
    public Operation? Previous { get; internal set; }

    /// <summary>The operation behind it in its block.</summary>
    public Operation? Next { get; internal set; }

    /// <summary>The operation whose region it stands in; null for functions and for operations that stand nowhere.</summary>
    public Operation? Holder => Parent?.Parent.Parent;

    // Valid only right after the block made a list of its operations: see Block.IsBefore.
    internal int Position { get; set; }

    /// <summary>Puts another value at an operand position.</summary>
    public void SetOperand(int index, Value value)
    {
        operands[index].RemoveUse(slots[index]);
        operands[index] = value;
        slots[index] = value.AddUse(this, index);
    }

    /// <summary>Adds an operand behind the others.</summary>
    public void AddOperand(Value value)
    {
        slots.Add(value.AddUse(this, operands.Count));
        operands.Add(value);
    }

    /// <summary>Takes an operand away; those behind it move up.</summary>
    public void RemoveOperand(int index)
    {
        Value[] rest = [.. operands.Skip(index + 1)];
        while (operands.Count > index) DropLastOperand();
        foreach (var value in rest) AddOperand(value);
    }

    /// <summary>Gives an operation whose results nobody has seen yet its results.</summary>
    internal void SetResults(IEnumerable<IrType> types)
    {
        List<Value> results = [];
        foreach (var type in types) results.Add(new(type, this, null, results.Count));
        Results = [.. results];
    }

    /// <summary>Takes a result away that nobody uses; those behind it move up.</summary>
    internal void RemoveResult(int index)
    {
        if (Results[index].Uses.Count > 0) throw new InvalidOperationException($"result {index} of {Def} is still used");
        List<Value> rest = [.. Results];
        rest.RemoveAt(index);
        for (int i = index; i < rest.Count; i++) rest[i].Index = i;
        Results = rest;
    }

    /// <summary>Removes it, and what it holds, from its block; its results must not be used any more.</summary>
    public void Erase()
    {
        foreach (var result in Results)
            if (result.Uses.Count > 0) throw new InvalidOperationException($"a result of {Def} is still used");
        DropUses();
        Parent?.Remove(this);
    }

    /// <summary>
    /// A copy with everything it holds, which stands nowhere yet. Values that <paramref name="map"/> knows are replaced; others are taken as they are.
    /// The results and inner values of the copy are entered in <paramref name="map"/>.
    /// </summary>
    public Operation Clone(IDictionary<Value, Value> map)
    {
        var copy = new Operation(Def, operands.Select(v => map.TryGetValue(v, out var other) ? other : v), Results.Select(r => r.Type), Span) { StandsAlone = StandsAlone };
        if (HasAttributes)
            foreach (var (name, attribute) in attributes!) copy.Attributes[name] = attribute;
        for (int i = 0; i < Results.Count; i++)
        {
            map[Results[i]] = copy.Results[i];
            copy.Results[i].Name = Results[i].Name;
        }
        for (int r = 0; r < Regions.Count; r++)
            foreach (var block in Regions[r].Blocks)
            {
                var target = copy.Regions[r].AddBlock();
                foreach (var argument in block.Arguments)
                {
                    var twin = target.AddArgument(argument.Type);
                    twin.Name = argument.Name;
                    map[argument] = twin;
                }
                foreach (var op in block.Operations) target.Insert(op.Clone(map));
            }
        return copy;
    }

    internal void DropUses()
    {
        while (operands.Count > 0) DropLastOperand();
        foreach (var region in Regions)
            foreach (var block in region.Blocks)
                foreach (var op in block.Operations) op.DropUses();
    }

    internal void UseMoved(int index, int slot) => slots[index] = slot;

    void DropLastOperand()
    {
        operands[^1].RemoveUse(slots[^1]);
        operands.RemoveAt(operands.Count - 1);
        slots.RemoveAt(slots.Count - 1);
    }
}
