using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Operations of one block that become one pipeline, each with the way it takes part.</summary>
sealed class PipelineGroup(SplitKind axis, object extent)
{
    readonly Dictionary<Operation, PipelinePart> parts = [];

    /// <summary>Whether it is cut by rows or by columns.</summary>
    public SplitKind Axis => axis;

    /// <summary>Where the rows (or columns) come from that all split inputs have: see <see cref="RangeSources"/>.</summary>
    public object Extent => extent;

    /// <summary>Its operations, in the order they stand in the block.</summary>
    public IReadOnlyList<Operation> InOrder => [.. parts.Keys.OrderBy(op => op.Position)];

    /// <summary>Its operations.</summary>
    public IReadOnlyCollection<Operation> Members => parts.Keys;

    /// <summary>Where its first operation stands.</summary>
    public int First { get; private set; } = int.MaxValue;

    /// <summary>Where its last operation stands.</summary>
    public int Last { get; private set; } = -1;

    public bool Holds(Operation op) => parts.ContainsKey(op);

    /// <summary>How an operand is handed out: as it was when the operation joined. Later its operands may be results of other pipelines, of which less is known.</summary>
    public SplitKind Split(Operation op, int operand) => parts[op].Splits[operand];

    public void Add(Operation op, PipelinePart part)
    {
        parts.Add(op, part);
        (First, Last) = (Math.Min(First, op.Position), Math.Max(Last, op.Position));
    }

    public void Add(PipelineGroup other)
    {
        foreach (var (op, part) in other.parts) Add(op, part);
    }
}

/// <summary>How an operation takes part in a pipeline: cut by rows or columns, where these come from, and how each operand is handed out.</summary>
sealed record PipelinePart(SplitKind Axis, object Extent, SplitKind[] Splits)
{
    /// <summary>Null where the operation cannot be run by such ranges with what is known of its operands.</summary>
    public static PipelinePart? Of(Operation op, SplitKind axis, RangeSources sources)
    {
        var split = RangeSplits.Of(op, axis)!;
        var splits = new SplitKind[op.Operands.Count];
        object? extent = null;
        for (int i = 0; i < splits.Length; i++)
        {
            var operand = op.Operands[i];
            if (operand.Type is not (MatrixType or FrameType) || split.Of(i) == SplitKind.None) continue;
            object own = sources.Of(operand);
            if (extent is null)
            {
                // One row, or none, is nothing to split.
                if (own is <= 1L) return null;
                extent = own;
            }
            if (own.Equals(extent)) splits[i] = axis;
            // The row (or column) that an elementwise operation repeats is handed out whole. What might be either is neither.
            else if (!(own is 1L && i == 1 && op.Def.Shape == ShapeRule.Broadcast)) return null;
        }
        return extent is null ? null : new(axis, extent, splits);
    }
}
