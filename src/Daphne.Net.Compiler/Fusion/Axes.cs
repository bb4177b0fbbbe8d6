using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Chooses per operation of a block whether it is cut by rows or by columns. Rows, wherever that is possible: matrices lie row by row. By columns go the
/// operations that rows cannot cut, and with them those cell-by-cell operations that hand values to them or take values from them, unless others cut the
/// same values by rows: then moving cells costs more than it saves.
/// </summary>
sealed class Axes
{
    readonly Dictionary<Operation, PipelinePart> rows = [], columns = [], chosen = [];
    readonly HashSet<Operation> followers = [];
    readonly FusionRules rules;
    readonly Block block;

    public Axes(Block block, FusionRules rules)
    {
        (this.block, this.rules) = (block, rules);
        RangeSources rowSources = new RowSources(), columnSources = new ColumnSources();
        foreach (var op in block.Operations)
        {
            if (rules.Allow(op, SplitKind.Rows) && PipelinePart.Of(op, SplitKind.Rows, rowSources) is { } byRows)
            {
                rows[op] = byRows;
                if (op.Def != Op.Transpose && MovesCells(op)) followers.Add(op);
                else chosen[op] = byRows;
            }
            if (rules.Columns && rules.Allow(op, SplitKind.Cols) && PipelinePart.Of(op, SplitKind.Cols, columnSources) is { } byColumns) columns[op] = byColumns;
        }
        foreach (var (op, part) in columns)
            if (rows.ContainsKey(op)) continue;
            else if (Follows(op, part)) followers.Add(op);
            else chosen[op] = part;
        Draw();
        Follow();
    }

    /// <summary>How an operation takes part in a pipeline; null where it does not.</summary>
    public PipelinePart? Of(Operation op) => chosen.GetValueOrDefault(op);

    /// <summary>True if somebody must be there that is worth a pipeline: moving cells, or work on a short row, is not.</summary>
    public bool IsFollower(Operation op) => followers.Contains(op);

    bool Follows(Operation op, PipelinePart part) => MovesCells(op) || SplitOperands(op, part).All(v => v.Type.Rows() == 1 && v.Type.Cols() < rules.WideRow);

    static bool MovesCells(Operation op) => op.Def == Op.RowBind || SparseOps.MovingCells.Contains(op.Def) || ReshapesFrame(op);

    // Other labels, or the same cells as a matrix or frame.
    static bool ReshapesFrame(Operation op) =>
        (op.Def == Op.Cast || op.Def == Op.ColBind || op.Def == Op.CreateFrame || op.Def == Op.SetColLabels || op.Def == Op.SetColLabelsPrefix)
        && (op.Result.Type is FrameType || op.Operands.Any(o => o.Type is FrameType));

    static IEnumerable<Value> SplitOperands(Operation op, PipelinePart part) => op.Operands.Where((_, i) => part.Splits[i] != SplitKind.None);

    // Goes down whole columns: what stands around it had better lie by columns.
    bool Draws(Operation op) =>
        columns.ContainsKey(op) && !rows.ContainsKey(op) && !followers.Contains(op) && op.Def != Op.MatMul && op.Def.Shape != ShapeRule.Outer && !op.Def.Is(OpTraits.Elementwise);

    // Cell by cell: either way is as good.
    bool IsFree(Operation op) => rows.ContainsKey(op) && columns.ContainsKey(op)
        && RangeSplits.Of(op, SplitKind.Rows)!.Combine == CombineKind.Rows && RangeSplits.Of(op, SplitKind.Cols)!.Combine == CombineKind.Cols && op.Def != Op.MatMul && op.Def.Shape != ShapeRule.Outer;

    bool CutsColumns(Operation op, int operand) => columns.TryGetValue(op, out var part) && part.Splits[operand] == SplitKind.Cols;

    bool CutsRows(Operation op, int operand) => rows.TryGetValue(op, out var part) && part.Splits[operand] == SplitKind.Rows;

    // Operations that are free and hand each other values go one way together.
    void Draw()
    {
        if (!columns.Keys.Any(Draws)) return;
        Dictionary<Operation, Operation> parents = [];
        HashSet<Operation> drawn = [], held = [];
        foreach (var op in block.Operations)
            for (int i = 0; i < op.Operands.Count; i++)
            {
                // One row is cheap to bring elsewhere.
                if (op.Operands[i] is not { Producer: { } producer } value || producer.Parent != block || value.Type.Rows() == 1) continue;
                if (IsFree(producer) && IsFree(op) && CutsColumns(op, i) && CutsRows(op, i)) parents[Root(producer)] = Root(op);
                else if (IsFree(producer) && Draws(op) && CutsColumns(op, i)) drawn.Add(producer);
                else if (IsFree(producer) && CutsRows(op, i) && !CutsColumns(op, i) && !followers.Contains(op)) held.Add(producer);
                else if (IsFree(op) && Draws(producer) && CutsColumns(op, i)) drawn.Add(op);
                else if (IsFree(op) && CutsRows(op, i) && HandsOn(producer, SplitKind.Rows)) held.Add(op);
            }
        HashSet<Operation> drawnRoots = [.. drawn.Select(Root)];
        drawnRoots.ExceptWith(held.Select(Root));
        foreach (var op in rows.Keys)
            if (IsFree(op) && drawnRoots.Contains(Root(op))) chosen[op] = columns[op];

        Operation Root(Operation op)
        {
            while (parents.TryGetValue(op, out var parent) && parent != op)
            {
                if (parents.TryGetValue(parent, out var next)) parents[op] = next;
                op = parent;
            }
            return op;
        }
    }

    // Behind those that are cut by columns, and of what is worth no pipeline of its own also in front of them; selected columns behind those cut by rows, and also in front of them.
    void Follow()
    {
        foreach (var op in block.Operations)
            if (columns.ContainsKey(op) && !(rows.ContainsKey(op) && (IsFree(op) || op.Def == Op.MatMul || op.Def.Shape == ShapeRule.Outer)) && Comes(op, SplitKind.Cols, CutsColumns)) chosen[op] = columns[op];
            else if (followers.Contains(op) && rows.ContainsKey(op) && Comes(op, SplitKind.Rows, CutsRows))
            {
                chosen[op] = rows[op];
                // What is left of rows lies where it was made, and this takes less than all of it from there.
                if (op.Operands.Any(o => o.Producer is { } p && chosen.ContainsKey(p) && RangeSplits.Of(p, SplitKind.Rows) is { Selects: true })) followers.Remove(op);
            }
        foreach (var op in block.Operations.Reverse())
            if (followers.Contains(op) && rows.ContainsKey(op) && !chosen.ContainsKey(op) && LeadsOn(op)
                && op.Result.Uses.Any(u => chosen.GetValueOrDefault(u.User) is { Axis: SplitKind.Rows } part && part.Splits[u.Index] == SplitKind.Rows)) chosen[op] = rows[op];
            else if (followers.Contains(op) && columns.ContainsKey(op) && !chosen.ContainsKey(op) && op.Result.Uses.Any(u => chosen.GetValueOrDefault(u.User) is { Axis: SplitKind.Cols } part && part.Splits[u.Index] == SplitKind.Cols))
                chosen[op] = columns[op];
    }

    // In front of a pipeline columns are taken out there only of what workers read, or get for another reason: else more is sent than is needed.
    bool LeadsOn(Operation op) => ReshapesFrame(op) || ((op.Def == Op.SliceCol || op.Def == Op.ExtractCol) && op.Operands[0] is { Type: FrameType or MatrixType } whole
        && (whole.Producer?.Def == Op.Read || whole.Uses.Any(u => chosen.GetValueOrDefault(u.User) is { Axis: SplitKind.Rows } part && part.Splits[u.Index] == SplitKind.Rows)));

    // True if an operand that it cuts is made in such ranges.
    bool Comes(Operation op, SplitKind axis, Func<Operation, int, bool> cuts) => op.Operands.Where((v, i) => v.Producer is { } producer && cuts(op, i) && HandsOn(producer, axis)).Any();

    bool HandsOn(Operation op, SplitKind axis) => chosen.GetValueOrDefault(op)?.Axis == axis && RangeSplits.Of(op, axis)!.Combine == RangeSplits.Along(axis);
}
