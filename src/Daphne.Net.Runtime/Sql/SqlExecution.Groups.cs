using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

// Groups, and rows that differ.
sealed partial class SqlExecution
{
    SqlRows Group(SqlGroup p)
    {
        using var rows = Run(p.Input);
        Matrix[] keys = [.. p.Keys.Select(k => cells.Of(k, rows))];
        using var groups = keys.Length == 0 ? RowGroups.One(rows.Count) : RowGroups.Of(keys, context.Cancellation);
        Matrix[] columns = [.. keys.Select(k => GatherRows.Of(k, groups.FirstRows, run)), .. p.Aggregates.Select(a => Aggregate(a, rows, groups))];
        foreach (var key in keys) key.Release();
        using var unordered = new SqlRows(groups.Count, columns);
        return Taken(unordered, keys.Length == 0 ? SqlTruth.All(1) : InOrder(columns[..keys.Length]));
    }

    SqlRows Unique(SqlUnique p)
    {
        using var rows = Run(p.Input);
        using var groups = RowGroups.Of(rows.Columns, context.Cancellation);
        using var unordered = rows.At(groups.FirstRows, run);
        return Taken(unordered, InOrder(unordered.Columns));
    }

    DenseMatrix<long> InOrder(IReadOnlyList<Matrix> keys) => RowOrder.Of([.. keys.Select(k => new OrderKey(k))], context.Cancellation);

    Matrix Aggregate(SqlAggregate a, SqlRows rows, RowGroups groups)
    {
        if (a.Argument is null) return AsSigned(GroupedCells.Of(GroupAggregate.Count, groups.OfRows, groups));
        var argument = cells.Of(a.Argument, rows);
        var result = a.Distinct ? OfDifferent(a.Kind, argument, groups) : GroupedCells.Of(Function(a.Kind), argument, groups);
        argument.Release();
        return a.Kind == SqlAggregateKind.Count ? AsSigned(result) : result;
    }

    // Each value of a group once. A group's first row is the first with its value too, so that groups keep their numbers.
    Matrix OfDifferent(SqlAggregateKind kind, Matrix argument, RowGroups groups)
    {
        if (groups.Rows == 0) return GroupedCells.Of(Function(kind), argument, groups);
        using var different = RowGroups.Of([groups.OfRows, argument], context.Cancellation);
        Matrix numbers = GatherRows.Of(groups.OfRows, different.FirstRows, run), values = GatherRows.Of(argument, different.FirstRows, run);
        using var again = RowGroups.Of([numbers], context.Cancellation);
        var result = GroupedCells.Of(Function(kind), values, again);
        numbers.Release();
        values.Release();
        return result;
    }

    static GroupAggregate Function(SqlAggregateKind kind) => kind switch
    {
        SqlAggregateKind.Count => GroupAggregate.Count,
        SqlAggregateKind.Sum => GroupAggregate.Sum,
        SqlAggregateKind.Min => GroupAggregate.Min,
        SqlAggregateKind.Max => GroupAggregate.Max,
        _ => GroupAggregate.Mean,
    };

    static Matrix AsSigned(Matrix counts)
    {
        var result = MatrixCast.To<long>(ValueTypeCode.UI64)(counts);
        counts.Release();
        return result;
    }
}
