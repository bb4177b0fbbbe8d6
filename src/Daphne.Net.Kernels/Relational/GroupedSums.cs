using System.Numerics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

static unsafe class GroupedSums
{
    public static DenseMatrix<TSum> Integers<T, TSum>(DenseMatrix<T> column, RowGroups groups) where T : unmanaged, INumber<T> where TSum : unmanaged, INumber<TSum>
    {
        var sums = DenseMatrix<TSum>.Allocate(groups.Count, 1, zeroed: true);
        int* group = groups.OfRows.Cell0;
        T* cells = column.Cell0;
        TSum* of = sums.Cell0;
        for (long i = 0, rows = column.Rows; i < rows; i++) of[group[i]] = unchecked(of[group[i]] + TSum.CreateTruncating(cells[i]));
        GC.KeepAlive(column);
        return sums;
    }

    // Neumaier's sum: what an addition rounds away is computed exactly and added up beside it.
    public static DenseMatrix<TSum> Floats<T, TSum>(DenseMatrix<T> column, RowGroups groups) where T : unmanaged, INumber<T> where TSum : unmanaged, INumber<TSum>
    {
        using var parts = new Scratch<double>(2L * groups.Count, zeroed: true);
        double* part = parts.Cell0;
        int* group = groups.OfRows.Cell0;
        T* cells = column.Cell0;
        for (long i = 0, rows = column.Rows; i < rows; i++)
        {
            double x = double.CreateTruncating(cells[i]);
            double* of = part + 2L * group[i];
            double before = *of, sum = before + x, back = sum - before;
            *of = sum;
            of[1] += before - (sum - back) + (x - back);
        }
        var sums = DenseMatrix<TSum>.Allocate(groups.Count, 1);
        for (long g = 0; g < sums.Rows; g++)
        {
            double sum = part[2 * g];
            // Of inf the corrections are nan.
            sums.Cell0[g] = TSum.CreateTruncating(double.IsFinite(sum) ? sum + part[2 * g + 1] : sum);
        }
        GC.KeepAlive(column);
        return sums;
    }
}
