using System.Numerics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

static unsafe class GroupedExtremes
{
    public static DenseMatrix<T> Of<T, TOp>(DenseMatrix<T> column, RowGroups groups) where T : unmanaged, INumber<T> where TOp : struct, IExtreme<T>
    {
        var best = DenseMatrix<T>.Allocate(groups.Count, 1);
        for (long g = 0; g < best.Rows; g++) best.Cell0[g] = TOp.Identity;
        int* group = groups.OfRows.Cell0;
        for (long i = 0; i < column.Rows; i++) best.Cell0[group[i]] = TOp.Invoke(best.Cell0[group[i]], column.Cell0[i]);
        GC.KeepAlive(column);
        return best;
    }
}
