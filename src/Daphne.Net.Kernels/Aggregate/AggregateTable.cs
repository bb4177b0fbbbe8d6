using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>A mean or what is built on it. Computed in f64.</summary>
enum Statistic
{
    Mean,
    /// <summary>Mean squared distance from the mean, in two passes: one pass loses all digits where the mean is large.</summary>
    Variance,
    StandardDeviation,
}

/// <summary>The aggregates of one cell type, by operation.</summary>
abstract class AggregateTable<T> where T : unmanaged
{
    public required Dictionary<OpDef, Func<DenseMatrix<T>, T>> All { get; init; }
    public required Dictionary<OpDef, Action<DenseMatrix<T>, DenseMatrix<T>>> Axis { get; init; }
    public required Dictionary<OpDef, Action<DenseMatrix<T>, DenseMatrix<T>>> LaterRows { get; init; }
    public required Dictionary<OpDef, Action<DenseMatrix<T>, DenseMatrix<ulong>>> Positions { get; init; }

    /// <summary>The most rows whose results are computed at once.</summary>
    public const int Batch = 256;

    public abstract double OfAll(Statistic statistic, DenseMatrix<T> x);
    public abstract void OfRows(Statistic statistic, DenseMatrix<T> x, long firstRow, Span<double> results);
    public abstract void OfColumns(Statistic statistic, DenseMatrix<T> x, Span<double> results);

    public static readonly AggregateTable<T>? Instance = (AggregateTable<T>?)(
        typeof(T) == typeof(double) ? AggregateLoops<double, double, double, Plain<double>>.Table() :
        typeof(T) == typeof(float) ? AggregateLoops<float, float, double, AsDouble<float>>.Table() :
        typeof(T) == typeof(long) ? AggregateLoops<long, long, long, Plain<long>>.Table() :
        typeof(T) == typeof(ulong) ? AggregateLoops<ulong, ulong, ulong, Plain<ulong>>.Table() :
        typeof(T) == typeof(int) ? AggregateLoops<int, int, int, Plain<int>>.Table() :
        typeof(T) == typeof(uint) ? AggregateLoops<uint, uint, uint, Plain<uint>>.Table() :
        typeof(T) == typeof(sbyte) ? AggregateLoops<sbyte, sbyte, sbyte, Plain<sbyte>>.Table() :
        typeof(T) == typeof(byte) ? AggregateLoops<byte, byte, byte, Plain<byte>>.Table() :
        typeof(T) == typeof(bool) ? (object)AggregateLoops<bool, byte, byte, Plain<byte>>.Table() :
        null);
}
