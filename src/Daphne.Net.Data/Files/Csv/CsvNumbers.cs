using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>A matrix of numbers. Fields beyond its columns are skipped.</summary>
sealed unsafe class CsvNumbers<T>(DenseMatrix<T> matrix) : ICsvCells where T : unmanaged
{
    public DataObject Value => matrix;

    public CsvProblem? Read(CsvBlock block)
    {
        fixed (byte* text = block.Buffer)
        {
            byte* p = text;
            T* cells = matrix.Cell0 + block.FirstRow * matrix.Cols;
            for (long r = 0; r < block.Rows; r++)
            {
                byte* row = p;
                for (long c = 0; c < matrix.Cols; c++)
                {
                    byte* field = p;
                    if (!CsvField.TryNumber(ref p, out *cells++)) return CsvProblem.Number(block.Buffer, (int)(field - text), matrix.ValueType);
                    if (c + 1 == matrix.Cols) break;
                    if (*p != ',') return CsvProblem.Fields((int)(row - text), c + 1);
                    p++;
                }
                if (*p != '\n') p = row + CsvRows.FirstEnd(block.Buffer.AsSpan((int)(row - text)));
                p++;
            }
        }
        return null;
    }
}
