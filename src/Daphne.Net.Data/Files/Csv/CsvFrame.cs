namespace Daphne.Net.Data;

/// <summary>A frame: every column has a type of its own. Fields beyond its columns are skipped.</summary>
sealed unsafe class CsvFrame : ICsvCells
{
    readonly CsvColumn[] columns;
    readonly Frame frame;

    public CsvFrame(FileMetaData meta)
    {
        columns = new CsvColumn[meta.Schema.Length];
        frame = FrameColumns.Make(meta, j => (columns[j] = CsvColumn.Of(meta.Schema[j].ValueType, meta.Rows)).Cells);
    }

    public DataObject Value => frame;

    public CsvProblem? Read(CsvBlock block)
    {
        fixed (byte* text = block.Buffer)
        {
            byte* p = text, end = text + block.Length;
            for (long r = 0; r < block.Rows; r++)
            {
                byte* row = p;
                for (int c = 0; c < columns.Length; c++)
                {
                    byte* field = p;
                    if (!columns[c].TryRead(ref p, end, block.FirstRow + r)) return CsvProblem.Number(block.Buffer, (int)(field - text), frame.ValueType(c));
                    if (c + 1 == columns.Length) break;
                    if (*p != ',') return CsvProblem.Fields((int)(row - text), c + 1);
                    p++;
                }
                if (*p != '\n') p = row + CsvRows.FirstEnd(new(row, (int)(end - row)));
                p++;
            }
        }
        return null;
    }
}
