using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// Aggregates of the cells of each group of rows. A float is added in f64 with a correction for what each addition rounds away, in the order of the rows:
/// the bits depend on the cells of the group alone, and are right to the last digit or next to it. Integers wrap. nan loses against every number as
/// smallest and largest one, as in <c>aggMin</c> and <c>aggMax</c>.
/// </summary>
public static class GroupedCells
{
    /// <summary>The value type of an aggregate over cells of a type. Trues are counted as si64.</summary>
    public static ValueTypeCode ResultType(GroupAggregate aggregate, ValueTypeCode cells) => aggregate switch
    {
        GroupAggregate.Count => ValueTypeCode.UI64,
        GroupAggregate.Mean => ValueTypeCode.F64,
        GroupAggregate.Sum when cells == ValueTypeCode.Bool => ValueTypeCode.SI64,
        _ => cells,
    };

    /// <summary>The aggregate of each group, in a new column in the order of the groups.</summary>
    /// <param name="aggregate">Which one.</param>
    /// <param name="column">A column of any value type, one cell per row of the groups.</param>
    /// <param name="groups">The groups. Of a group without rows the sum and count are 0, the mean is nan, smallest and largest are those of an empty matrix.</param>
    /// <exception cref="RaisedException">The aggregate is a sum or mean and the cells are strings.</exception>
    public static Matrix Of(GroupAggregate aggregate, Matrix column, RowGroups groups)
    {
        if (column.Cols != 1 || column.Rows != groups.Rows) throw new ArgumentException($"a {column.Shape()} matrix is no column of {groups.Rows} rows", nameof(column));
        if (aggregate == GroupAggregate.Count) return GroupedCounts.Of(groups);
        return column.Here() switch
        {
            DenseMatrix<double> c => Floats(aggregate, c, groups),
            DenseMatrix<float> c => Floats(aggregate, c, groups),
            DenseMatrix<long> c => Integers<long, long>(aggregate, c, groups),
            DenseMatrix<ulong> c => Integers<ulong, ulong>(aggregate, c, groups),
            DenseMatrix<int> c => Integers<int, int>(aggregate, c, groups),
            DenseMatrix<uint> c => Integers<uint, uint>(aggregate, c, groups),
            DenseMatrix<sbyte> c => Integers<sbyte, sbyte>(aggregate, c, groups),
            DenseMatrix<byte> c => Integers<byte, byte>(aggregate, c, groups),
            DenseMatrix<bool> c => Bools(aggregate, c, groups),
            StringMatrix c => GroupedTexts.Of(aggregate, c, groups),
            var other => throw Diag.NotThisTypeYet.Raise(Name(aggregate), other.Header),
        };
    }

    internal static string Name(GroupAggregate aggregate) => aggregate switch
    {
        GroupAggregate.Count => "count",
        GroupAggregate.Sum => "sum",
        GroupAggregate.Min => "aggMin",
        GroupAggregate.Max => "aggMax",
        _ => "mean",
    };

    static Matrix Floats<T>(GroupAggregate aggregate, DenseMatrix<T> column, RowGroups groups) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => aggregate switch
    {
        GroupAggregate.Sum => GroupedSums.Floats<T, T>(column, groups),
        GroupAggregate.Mean => GroupedCounts.Divide(GroupedSums.Floats<T, double>(column, groups), groups),
        GroupAggregate.Min => GroupedExtremes.Of<T, Smallest<T>>(column, groups),
        _ => GroupedExtremes.Of<T, Largest<T>>(column, groups),
    };

    static Matrix Integers<T, TSum>(GroupAggregate aggregate, DenseMatrix<T> column, RowGroups groups)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> where TSum : unmanaged, IBinaryInteger<TSum> => aggregate switch
    {
        GroupAggregate.Sum => GroupedSums.Integers<T, TSum>(column, groups),
        GroupAggregate.Mean => GroupedCounts.Divide(GroupedSums.Floats<T, double>(column, groups), groups),
        GroupAggregate.Min => GroupedExtremes.Of<T, Smallest<T>>(column, groups),
        _ => GroupedExtremes.Of<T, Largest<T>>(column, groups),
    };

    static unsafe Matrix Bools(GroupAggregate aggregate, DenseMatrix<bool> column, RowGroups groups)
    {
        var bytes = DenseMatrix<byte>.Allocate(column.Rows, 1);
        Cells.Copy((byte*)column.Cell0, bytes.Cell0, column.Rows);
        GC.KeepAlive(column);
        var result = Integers<byte, long>(aggregate, bytes, groups);
        bytes.Release();
        if (result is not DenseMatrix<byte> extremes) return result;
        var bits = DenseMatrix<bool>.Allocate(extremes.Rows, 1);
        for (long g = 0; g < bits.Rows; g++) bits.Cell0[g] = extremes.Cell0[g] != 0;
        extremes.Release();
        return bits;
    }
}
