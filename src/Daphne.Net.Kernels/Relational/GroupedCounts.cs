using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

static unsafe class GroupedCounts
{
    /// <summary>The rows of each group.</summary>
    public static DenseMatrix<ulong> Of(RowGroups groups)
    {
        var counts = DenseMatrix<ulong>.Allocate(groups.Count, 1, zeroed: true);
        int* group = groups.OfRows.Cell0;
        ulong* of = counts.Cell0;
        for (long i = 0, rows = groups.Rows; i < rows; i++) of[group[i]]++;
        return counts;
    }

    /// <summary>Divides the sum of each group by its number of rows, in place.</summary>
    public static DenseMatrix<double> Divide(DenseMatrix<double> sums, RowGroups groups)
    {
        var counts = Of(groups);
        for (long g = 0; g < sums.Rows; g++) sums.Cell0[g] /= counts.Cell0[g];
        counts.Release();
        return sums;
    }
}
