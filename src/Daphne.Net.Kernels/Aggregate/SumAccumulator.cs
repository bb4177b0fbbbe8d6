using System.Numerics;
using System.Runtime.InteropServices;

namespace Daphne.Net.Kernels;

/// <summary>
/// The sum of all cells of a matrix, fed in row-major order: by a pipeline in tiles, or by several threads that take a range of rows each. However it is
/// cut, the bits are those of one piece. Not thread-safe; one per thread.
/// </summary>
public abstract class SumAccumulator<T> where T : unmanaged
{
    /// <summary>Starts at <paramref name="firstRow"/>, a multiple of <see cref="ReductionBlocks.Rows"/>, of a matrix of <paramref name="cols"/> columns.</summary>
    public static SumAccumulator<T> Create(long cols, long firstRow = 0) => (SumAccumulator<T>)(
        typeof(T) == typeof(double) ? (object)new SumAccumulator<double, double, double, Plain<double>>(cols, firstRow) :
        typeof(T) == typeof(float) ? new SumAccumulator<float, float, double, AsDouble<float>>(cols, firstRow) :
        typeof(T) == typeof(long) ? new SumAccumulator<long, long, long, Plain<long>>(cols, firstRow) :
        typeof(T) == typeof(ulong) ? new SumAccumulator<ulong, ulong, ulong, Plain<ulong>>(cols, firstRow) :
        typeof(T) == typeof(int) ? new SumAccumulator<int, int, int, Plain<int>>(cols, firstRow) :
        typeof(T) == typeof(uint) ? new SumAccumulator<uint, uint, uint, Plain<uint>>(cols, firstRow) :
        typeof(T) == typeof(sbyte) ? new SumAccumulator<sbyte, sbyte, sbyte, Plain<sbyte>>(cols, firstRow) :
        typeof(T) == typeof(byte) ? new SumAccumulator<byte, byte, byte, Plain<byte>>(cols, firstRow) :
        typeof(T) == typeof(bool) ? new SumAccumulator<bool, byte, byte, Plain<byte>>(cols, firstRow) :
        throw new NotSupportedException($"{typeof(T)} cells have no sum"));

    /// <summary>Adds the next cells.</summary>
    public abstract void Push(ReadOnlySpan<T> cells);

    /// <summary>Joins the sum of the rows that follow; <paramref name="next"/> is used up. These rows end, and those begin, at a border between blocks.</summary>
    public abstract void Append(SumAccumulator<T> next);

    /// <summary>The sum; the accumulator is used up.</summary>
    public abstract T Total();
}

// TCell is the type that computes: T itself, but byte for bool.
sealed class SumAccumulator<T, TCell, TAcc, TTerm>(long cols, long firstRow) : SumAccumulator<T>
    where T : unmanaged where TCell : unmanaged, INumber<TCell> where TAcc : unmanaged, INumber<TAcc> where TTerm : struct, ICellTerm<TCell, TAcc>
{
    readonly BlockSum<TCell, TAcc, TTerm> sum = new(cols, firstRow);

    public override void Push(ReadOnlySpan<T> cells) => sum.Push(MemoryMarshal.Cast<T, TCell>(cells));
    public override void Append(SumAccumulator<T> next) => sum.Append(((SumAccumulator<T, TCell, TAcc, TTerm>)next).sum);
    public override T Total() => CellType.Result<T, TCell, TAcc>(sum.Total());
}
