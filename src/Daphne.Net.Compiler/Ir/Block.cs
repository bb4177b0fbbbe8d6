using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// A straight run of operations with arguments; the last one is a terminator. The operations are a linked list, so that passes insert and
/// remove in the middle of very long blocks at constant cost; <see cref="Operations"/> is an array made of it when somebody looks.
/// </summary>
public sealed class Block
{
    readonly List<Value> arguments = [];
    Operation? first, last;
    Operation[]? snapshot = [];

    internal Block(Region parent) => Parent = parent;

    /// <summary>The region it stands in.</summary>
    public Region Parent { get; }

    /// <summary>What it is given.</summary>
    public IReadOnlyList<Value> Arguments => arguments;

    /// <summary>What it does, in order: as it is now. A later change of the block does not show in a list taken before, which makes walking and changing safe.</summary>
    public IReadOnlyList<Operation> Operations => snapshot ??= Snapshot();

    /// <summary>Its last operation.</summary>
    /// <exception cref="InvalidOperationException">The block is empty.</exception>
    public Operation Terminator => last ?? throw new InvalidOperationException("the block is empty");

    /// <summary>Adds an argument behind the others.</summary>
    public Value AddArgument(IrType type)
    {
        var value = new Value(type, null, this, arguments.Count);
        arguments.Add(value);
        return value;
    }

    /// <summary>Takes an argument away that nobody uses; those behind it move up.</summary>
    internal void RemoveArgument(int index)
    {
        if (arguments[index].Uses.Count > 0) throw new InvalidOperationException("the argument is still used");
        arguments.RemoveAt(index);
        for (int i = index; i < arguments.Count; i++) arguments[i].Index = i;
    }

    /// <summary>Adds an operation at the end, or before <paramref name="before"/>; an operation that stands elsewhere moves here.</summary>
    public Operation Insert(Operation op, Operation? before = null)
    {
        if (ReferenceEquals(op, before)) return op;
        if (before is not null && before.Parent != this) throw new ArgumentException("stands in another block", nameof(before));
        op.Parent?.Remove(op);
        var previous = before is null ? last : before.Previous;
        (op.Previous, op.Next, op.Parent, snapshot) = (previous, before, this, null);
        if (previous is null) first = op; else previous.Next = op;
        if (before is null) last = op; else before.Previous = op;
        return op;
    }

    internal void Remove(Operation op)
    {
        if (op.Previous is null) first = op.Next; else op.Previous.Next = op.Next;
        if (op.Next is null) last = op.Previous; else op.Next.Previous = op.Previous;
        (op.Previous, op.Next, op.Parent, snapshot) = (null, null, null, null);
    }

    /// <summary>True if <paramref name="a"/> stands before <paramref name="b"/>; both stand in this block.</summary>
    internal bool IsBefore(Operation a, Operation b)
    {
        snapshot ??= Snapshot();
        return a.Position < b.Position;
    }

    Operation[] Snapshot()
    {
        List<Operation> all = [];
        for (var op = first; op is not null; op = op.Next)
        {
            op.Position = all.Count;
            all.Add(op);
        }
        return [.. all];
    }
}

/// <summary>What an operation holds: blocks, of which structured control flow has exactly one.</summary>
public sealed class Region
{
    readonly List<Block> blocks = [];

    internal Region(Operation parent) => Parent = parent;

    /// <summary>The operation that holds it.</summary>
    public Operation Parent { get; }

    /// <summary>Its blocks.</summary>
    public IReadOnlyList<Block> Blocks => blocks;

    /// <summary>The only block; made on first use.</summary>
    public Block Block => blocks.Count == 0 ? AddBlock() : blocks.Single();

    /// <summary>Adds a block.</summary>
    public Block AddBlock()
    {
        var block = new Block(this);
        blocks.Add(block);
        return block;
    }
}
