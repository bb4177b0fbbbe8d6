using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

static unsafe class GroupedTexts
{
    /// <summary>The first or last string of each group in byte order; of a group without rows the empty string.</summary>
    public static StringMatrix Of(GroupAggregate aggregate, StringMatrix column, RowGroups groups)
    {
        if (aggregate is not (GroupAggregate.Min or GroupAggregate.Max)) throw Diag.TextAggregate.Raise(GroupedCells.Name(aggregate));
        var result = StringMatrix.Allocate(groups.Count, 1, out var best);
        var cells = column.Span;
        long* first = groups.FirstRows.Cell0;
        int* group = groups.OfRows.Cell0;
        for (int i = 0; i < cells.Length; i++)
        {
            int g = group[i];
            bool better = i == first[g] || (aggregate == GroupAggregate.Min ? TextOrder.Compare(cells[i], best[g]) < 0 : TextOrder.Compare(cells[i], best[g]) > 0);
            if (better) best[g] = cells[i];
        }
        return result;
    }
}
