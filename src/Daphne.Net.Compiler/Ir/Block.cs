using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>A straight run of operations with arguments; the last one is a terminator.</summary>
public sealed class Block
{
    readonly List<Value> arguments = [];
    readonly List<Operation> operations = [];

    internal Block(Region parent) => Parent = parent;

    /// <summary>The region it stands in.</summary>
    public Region Parent { get; }

    /// <summary>What it is given.</summary>
    public IReadOnlyList<Value> Arguments => arguments;

    /// <summary>What it does, in order.</summary>
    public IReadOnlyList<Operation> Operations => operations;

    /// <summary>Its last operation.</summary>
    public Operation Terminator => operations[^1];

    /// <summary>Adds an argument behind the others.</summary>
    public Value AddArgument(IrType type)
    {
        var value = new Value(type, null, this, arguments.Count);
        arguments.Add(value);
        return value;
    }

    /// <summary>Adds an operation at the end, or before <paramref name="before"/>; an operation that stands elsewhere moves here.</summary>
    public Operation Insert(Operation op, Operation? before = null)
    {
        op.Parent?.Remove(op);
        operations.Insert(before is null ? operations.Count : operations.IndexOf(before), op);
        op.Parent = this;
        return op;
    }

    internal void Remove(Operation op)
    {
        operations.Remove(op);
        op.Parent = null;
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
