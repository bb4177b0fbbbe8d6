using System.Diagnostics;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Runs a plan, column by column: each node makes all its rows before the next one begins.</summary>
sealed partial class SqlExecution
{
    readonly IReadOnlyList<Frame> views;
    readonly RunContext context;
    readonly SqlCells cells;
    readonly TaskRunner run;

    SqlExecution(IReadOnlyList<Frame> views, Activation activation)
    {
        (this.views, context) = (views, activation.Context);
        (cells, run) = (new(activation), context.Tasks());
    }

    /// <summary>The result of a query over its views; the caller owns it.</summary>
    /// <exception cref="Dialect.RaisedException">Two columns of the result have one label, or a cell has no result.</exception>
    public static Frame Run(SqlQuery query, IReadOnlyList<Frame> views, Activation activation)
    {
        // Before any work: all labels are known.
        if (Frame.FirstRepeated(query.Labels) is { } twice) throw Dialect.Diag.LabelTwice.Raise(twice);
        using var rows = new SqlExecution(views, activation).Run(query.Plan);
        foreach (var column in rows.Columns) column.Retain();
        return new(rows.Count, rows.Columns, query.Labels);
    }

    SqlRows Run(SqlPlan plan)
    {
        context.ThrowIfCancelled();
        switch (plan)
        {
            case SqlScan p: return Scan(p);
            case SqlFilter p: return Filter(p);
            case SqlJoinRows p: return Join(p);
            case SqlGroup p: return Group(p);
            case SqlUnique p: return Unique(p);
            case SqlProject p:
            {
                using var rows = Run(p.Input);
                return new(rows.Count, [.. p.Values.Select(v => cells.Of(v, rows))]);
            }
            case SqlSort p:
            {
                using var rows = Run(p.Input);
                var keys = p.Keys.Select(k => new OrderKey(cells.Of(k.Value, rows), !k.Descending)).ToArray();
                var order = RowOrder.Of(keys, context.Cancellation);
                foreach (var key in keys) key.Column.Release();
                return Taken(rows, order);
            }
            case SqlLimit p:
            {
                using var rows = Run(p.Input);
                long first = Math.Min(p.Offset, rows.Count), count = Math.Min(p.Count, rows.Count - first);
                var some = SqlTruth.All(count);
                foreach (ref long position in some.WritableSpan(0, checked((int)count))) position += first;
                return Taken(rows, some);
            }
            default: throw new UnreachableException(plan.GetType().Name);
        }
    }

    SqlRows Scan(SqlScan p)
    {
        var view = views[p.View];
        var columns = p.Columns.Select(c => view[c].Here()).ToArray();
        foreach (var column in columns) column.Retain();
        return new(view.Rows, columns);
    }

    // Filters one upon the other are one: columns are gathered once.
    SqlRows Filter(SqlFilter p)
    {
        var conditions = new Stack<SqlValue>([p.Condition]);
        var input = p.Input;
        for (; input is SqlFilter below; input = below.Input) conditions.Push(below.Condition);
        using var rows = Run(input);
        return Taken(rows, cells.Where(conditions, rows));
    }

    SqlRows Taken(SqlRows rows, DenseMatrix<long> positions)
    {
        var taken = rows.At(positions, run);
        positions.Release();
        return taken;
    }
}
