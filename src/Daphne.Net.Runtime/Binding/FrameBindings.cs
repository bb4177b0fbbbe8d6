using System.Collections.Immutable;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Operations that take or make frames.</summary>
static class FrameBindings
{
    /// <summary>The operations that nothing but frames have.</summary>
    public static IEnumerable<Binding> Rows => ((OpDef[])[Op.CreateFrame, Op.SetColLabels, Op.SetColLabelsPrefix]).Select(op => new Binding(op, Table.Rows[op]));

    /// <summary>The binder of an operation on frames; null where no frame takes part, or the usual one will do.</summary>
    public static Binder? For(Operation op) => Takes(op.Operands) || Takes(op.Results) ? Table.Rows.GetValueOrDefault(op.Def) : null;

    static bool Takes(IReadOnlyList<Value> values)
    {
        foreach (var value in values)
            if (value.Type is FrameType) return true;
        return false;
    }

    // A class of its own, so that scripts without frames do not open it.
    static class Table
    {
        public static readonly Dictionary<OpDef, Binder> Rows = new()
        {
            [Op.CreateFrame] = Create,
            [Op.SetColLabels] = Labelled,
            [Op.SetColLabelsPrefix] = Prefixed,
            [Op.NumRows] = (op, e) => Count(op, e, static f => f.Rows),
            [Op.NumCols] = (op, e) => Count(op, e, static f => f.Cols),
            [Op.NumCells] = (op, e) => Count(op, e, static f => f.Rows * f.Cols),
            [Op.SliceRow] = (op, e) => Sliced(op, e, FrameRows.Slice),
            [Op.SliceCol] = (op, e) => Sliced(op, e, FrameColumns.Slice),
            [Op.ExtractRow] = (op, e) => AtPositions(op, e, FrameRows.At),
            [Op.ExtractCol] = Extracted,
            [Op.FilterRow] = (op, e) => AtPositions(op, e, FrameRows.Where),
            [Op.FilterCol] = (op, e) => AtPositions(op, e, static (x, keep, _) => FrameColumns.Where(x, keep)),
            [Op.ColBind] = (op, e) => Bound(op, e, FrameColumns.Beside),
            [Op.RowBind] = (op, e) => Bound(op, e, FrameRows.Above),
            [Op.Order] = Ordered,
            [Op.Cast] = FrameCasts.Bind,
        };
    }

    /// <summary>The frame in a slot, which keeps owning it.</summary>
    public static Frame Frame(this Activation activation, int slot) => (Frame)activation.Objects[slot]!;

    static Step Create(Operation op, Emitter e)
    {
        int n = op.Operands.Count / 2, to = e.Object(op.Result);
        int[] columns = [.. Enumerable.Range(0, n).Select(i => e.Object(op.Operands[i]))];
        var labels = Labels(op, e, n);
        return new Do(f => f.Own(to, FrameColumns.Of([.. columns.Select(f.Matrix)], labels(f))));
    }

    static Step Labelled(Operation op, Emitter e)
    {
        int x = e.Object(op.Operands[0]), to = e.Object(op.Result);
        var labels = Labels(op, e, 1);
        return new Do(f => f.Own(to, FrameColumns.Labelled(f.Frame(x), labels(f))));
    }

    static Func<Activation, ImmutableArray<string>> Labels(Operation op, Emitter e, int first)
    {
        int[] labels = [.. Enumerable.Range(first, op.Operands.Count - first).Select(i => e.Text(op, i))];
        return f => [.. labels.Select(f.Text)];
    }

    static Step Prefixed(Operation op, Emitter e)
    {
        int x = e.Object(op.Operands[0]), prefix = e.Text(op, 1), to = e.Object(op.Result);
        return new Do(f => f.Own(to, FrameColumns.Prefixed(f.Frame(x), f.Text(prefix))));
    }

    static Step Count(Operation op, Emitter e, Func<Frame, long> of)
    {
        int x = e.Object(op.Operands[0]), to = e.Number(op.Result);
        return new Do(f => f.Bits[to] = (ulong)of(f.Frame(x)));
    }

    static Step Sliced(Operation op, Emitter e, Func<Frame, long, long, Frame> kernel)
    {
        int x = e.Object(op.Operands[0]), lower = e.Number<long>(op, 1), upper = e.Number<long>(op, 2), to = e.Object(op.Result);
        return new Do(f => f.Own(to, kernel(f.Frame(x), (long)f.Bits[lower], (long)f.Bits[upper])));
    }

    static Step AtPositions(Operation op, Emitter e, Func<Frame, Matrix, TaskRunner, Frame> kernel)
    {
        int x = e.Object(op.Operands[0]), positions = e.Object(op.Operands[1]), to = e.Object(op.Result);
        return new Do(f => f.Own(to, kernel(f.Frame(x), f.Matrix(positions), f.Context.Tasks())));
    }

    static Step Extracted(Operation op, Emitter e)
    {
        if (op.Operands[1].Type is not ScalarType) return AtPositions(op, e, static (x, positions, _) => FrameColumns.At(x, positions));
        int x = e.Object(op.Operands[0]), label = e.Text(op, 1), to = e.Object(op.Result);
        return new Do(f => f.Own(to, FrameColumns.Named(f.Frame(x), f.Text(label))));
    }

    static Step Bound(Operation op, Emitter e, Func<Frame, Frame, Frame> kernel)
    {
        int x = e.Object(op.Operands[0]), y = e.Object(op.Operands[1]), to = e.Object(op.Result);
        return new Do(f => f.Own(to, kernel(f.Frame(x), f.Frame(y))));
    }

    static Step Ordered(Operation op, Emitter e)
    {
        int keys = (op.Operands.Count - 2) / 2, x = e.Object(op.Operands[0]), to = e.Object(op.Result);
        bool positions = op.Result.Type is MatrixType;
        int[] columns = [.. Enumerable.Range(1, keys).Select(i => e.Number<long>(op, i))], ascending = [.. Enumerable.Range(1 + keys, keys).Select(i => e.Flag(op, i))];
        return new Do(f =>
        {
            SortColumn[] by = [.. columns.Zip(ascending, (c, a) => new SortColumn((long)f.Bits[c], f.Bits[a] != 0))];
            f.Own(to, positions ? FrameOrder.Positions(f.Frame(x), by) : FrameOrder.Rows(f.Frame(x), by, f.Context.Tasks()));
        });
    }
}
