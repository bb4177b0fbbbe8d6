using System.Numerics;
using System.Runtime.InteropServices;

namespace Daphne.Net.Kernels;

/// <summary>The sums of the columns of a matrix, fed in whole rows; otherwise as <see cref="SumAccumulator{T}"/>.</summary>
public abstract class ColumnSumAccumulator<T> where T : unmanaged
{
    /// <summary>Starts at <paramref name="firstRow"/>, a multiple of <see cref="ReductionBlocks.Rows"/>, of a matrix of <paramref name="cols"/> columns.</summary>
    public static ColumnSumAccumulator<T> Create(int cols, long firstRow = 0) => (ColumnSumAccumulator<T>)(
        typeof(T) == typeof(double) ? (object)new ColumnSumAccumulator<double, double, double, Plain<double>>(cols, firstRow) :
        typeof(T) == typeof(float) ? new ColumnSumAccumulator<float, float, double, AsDouble<float>>(cols, firstRow) :
        typeof(T) == typeof(long) ? new ColumnSumAccumulator<long, long, long, Plain<long>>(cols, firstRow) :
        typeof(T) == typeof(ulong) ? new ColumnSumAccumulator<ulong, ulong, ulong, Plain<ulong>>(cols, firstRow) :
        typeof(T) == typeof(int) ? new ColumnSumAccumulator<int, int, int, Plain<int>>(cols, firstRow) :
        typeof(T) == typeof(uint) ? new ColumnSumAccumulator<uint, uint, uint, Plain<uint>>(cols, firstRow) :
        typeof(T) == typeof(sbyte) ? new ColumnSumAccumulator<sbyte, sbyte, sbyte, Plain<sbyte>>(cols, firstRow) :
        typeof(T) == typeof(byte) ? new ColumnSumAccumulator<byte, byte, byte, Plain<byte>>(cols, firstRow) :
        typeof(T) == typeof(bool) ? new ColumnSumAccumulator<bool, byte, byte, Plain<byte>>(cols, firstRow) :
        throw new NotSupportedException($"{typeof(T)} cells have no sum"));

    /// <summary>Adds the next rows.</summary>
    public abstract void PushRows(ReadOnlySpan<T> cells);

    /// <summary>Joins the sums of the rows that follow; <paramref name="next"/> is used up. These rows end, and those begin, at a border between blocks.</summary>
    public abstract void Append(ColumnSumAccumulator<T> next);

    /// <summary>The sums; the accumulator is used up.</summary>
    public abstract void Total(Span<T> sums);
}

sealed class ColumnSumAccumulator<T, TCell, TAcc, TTerm>(int cols, long firstRow) : ColumnSumAccumulator<T>
    where T : unmanaged where TCell : unmanaged, INumber<TCell> where TAcc : unmanaged, INumber<TAcc> where TTerm : struct, ICellTerm<TCell, TAcc>
{
    readonly ColumnBlockSum<TCell, TAcc, TTerm> sum = new(cols, firstRow);

    public override void PushRows(ReadOnlySpan<T> cells) => sum.PushRows(MemoryMarshal.Cast<T, TCell>(cells));
    public override void Append(ColumnSumAccumulator<T> next) => sum.Append(((ColumnSumAccumulator<T, TCell, TAcc, TTerm>)next).sum);

    public override void Total(Span<T> sums)
    {
        var totals = new TAcc[cols];
        sum.Total(totals);
        for (int j = 0; j < totals.Length; j++) sums[j] = CellType.Result<T, TCell, TAcc>(totals[j]);
    }
}
