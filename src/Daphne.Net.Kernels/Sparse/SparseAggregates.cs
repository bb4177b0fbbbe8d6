using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// Aggregates of sparse matrices. Zeros count: a minimum of positive cells is 0 as soon as one is not stored. Sums have the bits of the dense sums.
/// </summary>
public static unsafe class SparseAggregates
{
    /// <summary>sumAll, minAll, maxAll.</summary>
    public static Func<CsrMatrix<T>, T>? All<T>(OpDef op) where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
        op == Op.SumAll ? typeof(T) == typeof(float) ? x => T.CreateTruncating(Total<T, double>(x)) : Total<T, T>
        : op == Op.MinAll ? ExtremeOfAll<T, Smallest<T>>
        : op == Op.MaxAll ? ExtremeOfAll<T, Largest<T>>
        : null;

    /// <summary>sumRow, minRow, maxRow: a column; of the transpose, sumCol, minCol and maxCol.</summary>
    public static Action<CsrMatrix<T>, DenseMatrix<T>, TaskRunner?>? PerRow<T>(OpDef op) where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
        op == Op.SumRow ? typeof(T) == typeof(float) ? (x, to, run) => SumRows<T, double, T>(x, to, 1, run) : (x, to, run) => SumRows<T, T, T>(x, to, 1, run)
        : op == Op.SumCol ? typeof(T) == typeof(float) ? (x, to, run) => SumTurnedRows<T, double, T>(x, to, 1, run) : (x, to, run) => SumTurnedRows<T, T, T>(x, to, 1, run)
        : op == Op.MinRow || op == Op.MinCol ? ExtremeOfRows<T, Smallest<T>>
        : op == Op.MaxRow || op == Op.MaxCol ? ExtremeOfRows<T, Largest<T>>
        : null;

    /// <summary>The mean of all cells, in f64.</summary>
    public static double Mean<T>(CsrMatrix<T> x) where T : unmanaged, INumber<T> => Total<T, double>(x) / x.Cells;

    /// <summary>meanRow, or of the transpose meanCol.</summary>
    public static void Means<T, TResult>(OpDef op, CsrMatrix<T> x, DenseMatrix<TResult> to, TaskRunner? run) where T : unmanaged, INumber<T> where TResult : unmanaged, INumber<TResult>
    {
        if (op == Op.MeanRow) SumRows<T, double, TResult>(x, to, x.Cols, run);
        else SumTurnedRows<T, double, TResult>(x, to, x.Cols, run);
    }

    static TAcc Total<T, TAcc>(CsrMatrix<T> x) where T : unmanaged, INumber<T> where TAcc : unmanaged, INumber<TAcc>
    {
        int lanes = LaneSum.Count<TAcc>();
        var sum = new GapSum<TAcc>(lanes);
        // As the dense sum does: up to one segment is one row of lanes.
        long blockRows = x.Cells <= ReductionBlocks.SegmentCells ? Math.Max(1, x.Rows) : ReductionBlocks.Rows(x.Cols);
        for (long r = 0; r < x.Rows; r++)
        {
            long block = r / blockRows, first = (r - block * blockRows) * x.Cols;
            for (long at = x.Offsets[r]; at < x.Offsets[r + 1]; at++)
            {
                long cell = first + x.Columns[at];
                sum.Add(block, cell / ReductionBlocks.SegmentCells, (int)(cell % lanes), TAcc.CreateTruncating(x.Values[at]));
            }
        }
        GC.KeepAlive(x);
        return sum.Total();
    }

    static void SumRows<T, TAcc, TResult>(CsrMatrix<T> x, DenseMatrix<TResult> to, long dividedBy, TaskRunner? run)
        where T : unmanaged, INumber<T> where TAcc : unmanaged, INumber<TAcc> where TResult : unmanaged, INumber<TResult> =>
        SparseRows.Run(x, run, (begin, end) =>
        {
            int lanes = LaneSum.Count<TAcc>();
            var sum = new GapSum<TAcc>(lanes);
            for (long r = begin; r < end; r++)
            {
                for (long at = x.Offsets[r]; at < x.Offsets[r + 1]; at++)
                    sum.Add(0, x.Columns[at] / ReductionBlocks.SegmentCells, x.Columns[at] % lanes, TAcc.CreateTruncating(x.Values[at]));
                to.Cell0[r] = Result<TAcc, TResult>(sum.Total(), dividedBy);
            }
        }, workPerCell: 4);

    // Rows of the transpose are columns: cell i of one lies in row i, and rows are added block by block.
    static void SumTurnedRows<T, TAcc, TResult>(CsrMatrix<T> x, DenseMatrix<TResult> to, long dividedBy, TaskRunner? run)
        where T : unmanaged, INumber<T> where TAcc : unmanaged, INumber<TAcc> where TResult : unmanaged, INumber<TResult> =>
        SparseRows.Run(x, run, (begin, end) =>
        {
            long blockRows = ReductionBlocks.Rows(x.Rows);
            int abreast = ReductionBlocks.RowsAbreast((int)Math.Min(int.MaxValue, x.Rows), LaneSum.Count<TAcc>());
            var sum = new GapSum<TAcc>(abreast);
            for (long r = begin; r < end; r++)
            {
                for (long at = x.Offsets[r]; at < x.Offsets[r + 1]; at++)
                    sum.Add(x.Columns[at] / blockRows, 0, (int)(x.Columns[at] % blockRows % abreast), TAcc.CreateTruncating(x.Values[at]));
                to.Cell0[r] = Result<TAcc, TResult>(sum.Total(), dividedBy);
            }
        }, workPerCell: 4);

    static TResult Result<TAcc, TResult>(TAcc sum, long dividedBy) where TAcc : unmanaged, INumber<TAcc> where TResult : unmanaged, INumber<TResult> =>
        TResult.CreateTruncating(dividedBy == 1 && typeof(TAcc) != typeof(double) ? sum : sum / TAcc.CreateTruncating(dividedBy));

    static T ExtremeOfAll<T, TOp>(CsrMatrix<T> x) where T : unmanaged, INumber<T> where TOp : struct, IExtreme<T>
    {
        T best = TOp.Identity;
        long at = x.Offsets[0], end = x.Offsets[x.Rows];
        for (int length; at < end; at += length)
        {
            length = (int)Math.Min(Elementwise.MostCells, end - at);
            best = TOp.Invoke(best, Extreme.Of<T, TOp>(new(x.Values + at, length)));
        }
        GC.KeepAlive(x);
        return x.Stored < x.Cells ? TOp.Invoke(best, T.Zero) : best;
    }

    static void ExtremeOfRows<T, TOp>(CsrMatrix<T> x, DenseMatrix<T> to, TaskRunner? run) where T : unmanaged, INumber<T> where TOp : struct, IExtreme<T> =>
        SparseRows.Run(x, run, (first, end) =>
        {
            for (long r = first; r < end; r++)
            {
                var cells = x.ValuesOf(r);
                // A nan in front stays, as in a dense row.
                to.Cell0[r] = cells.Length > 0 && x.Columns[x.Offsets[r]] == 0 && T.IsNaN(cells[0]) ? cells[0]
                    : cells.Length < x.Cols ? TOp.Invoke(Extreme.Of<T, TOp>(cells), T.Zero) : Extreme.Of<T, TOp>(cells);
            }
        });
}
