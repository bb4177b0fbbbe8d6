namespace Daphne.Net.Data;

/// <summary>Makes a sparse matrix of cells that come in any order; of a cell that comes twice the last value counts.</summary>
sealed unsafe class CsrBuilder<T>(long rows, long cols) where T : unmanaged
{
    readonly List<(long Row, int Col, T Value)> cells = [];
    readonly long[] counts = new long[rows + 1];

    /// <summary>Puts a value into a cell of the matrix.</summary>
    public void Put(long row, long col, T value)
    {
        cells.Add((row, (int)col, value));
        counts[row]++;
    }

    /// <summary>The matrix.</summary>
    /// <exception cref="Dialect.RaisedException">There is no memory for it, or it has too many columns.</exception>
    public CsrMatrix<T> Build()
    {
        var result = CsrMatrix<T>.Allocate(rows, cols, cells.Count);
        // By row first, in the order in which they came; then each row by column.
        var starts = new long[rows + 1];
        for (long r = 0; r < rows; r++) starts[r + 1] = starts[r] + counts[r];
        var order = new int[cells.Count];
        var next = (long[])starts.Clone();
        for (int i = 0; i < order.Length; i++) order[next[cells[i].Row]++] = i;
        long to = 0;
        result.Offsets[0] = 0;
        for (long r = 0; r < rows; r++)
        {
            var row = order.AsSpan((int)starts[r], (int)counts[r]);
            row.Sort((a, b) => cells[a].Col != cells[b].Col ? cells[a].Col.CompareTo(cells[b].Col) : a.CompareTo(b));
            for (int i = 0; i < row.Length; i++)
            {
                var (_, col, value) = cells[row[i]];
                if (i + 1 < row.Length && cells[row[i + 1]].Col == col) continue;
                result.Columns[to] = col;
                result.Values[to++] = value;
            }
            result.Offsets[r + 1] = to;
        }
        return result;
    }
}
