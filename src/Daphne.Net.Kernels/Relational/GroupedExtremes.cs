using System.Numerics;
using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

static unsafe class GroupedExtremes
{
    public static DenseMatrix<T> Of<T, TOp>(DenseMatrix<T> column, RowGroups groups) where T : unmanaged, INumber<T> where TOp : struct, IExtreme<T>
    {
        var best = DenseMatrix<T>.Allocate(groups.Count, 1);
        T* cells = column.Cell0, of = best.Cell0;
        for (long g = 0; g < best.Rows; g++) of[g] = TOp.Identity;
        int* group = groups.OfRows.Cell0;
        for (long i = 0, rows = column.Rows; i < rows; i++) of[group[i]] = TOp.Invoke(of[group[i]], cells[i]);
        GC.KeepAlive(column);
        return best;
    }
}
