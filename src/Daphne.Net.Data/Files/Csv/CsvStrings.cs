namespace Daphne.Net.Data;

/// <summary>A matrix of strings.</summary>
sealed class CsvStrings(long rows, long cols) : ICsvCells
{
    readonly RecentStrings recent = new();
    readonly string[] cells = StringMatrix.NewCells(rows, cols);

    public DataObject Value => new StringMatrix(cells, rows, cols);

    public CsvProblem? Read(CsvBlock block)
    {
        var text = block.Buffer.AsSpan(0, block.Length);
        int at = 0;
        long cell = block.FirstRow * cols;
        for (long r = 0; r < block.Rows; r++)
        {
            int row = at;
            for (long c = 0; ; c++)
            {
                string value = CsvField.Text(text, ref at, recent);
                if (c < cols) cells[cell++] = value;
                byte delimiter = text[at++];
                if (delimiter == ',') continue;
                if (c + 1 < cols) return CsvProblem.Fields(row, c + 1);
                break;
            }
        }
        return null;
    }
}
