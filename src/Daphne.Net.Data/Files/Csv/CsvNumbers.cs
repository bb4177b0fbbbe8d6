using System.Runtime.CompilerServices;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Cells that are numbers. Blanks around them do not matter, an empty field is nan where floats are read, fields beyond the columns are skipped.</summary>
sealed unsafe class CsvNumbers<T>(DenseMatrix<T> matrix) : ICsvCells where T : unmanaged
{
    public Matrix Matrix => matrix;

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
                    if (!TryField(ref p, out *cells++)) return CsvProblem.Number(block.Buffer, (int)(field - text));
                    if (c + 1 == matrix.Cols) break;
                    if (*p != ',') return new(Diag.CsvFields, (int)(row - text), 0, c + 1);
                    p++;
                }
                if (*p != '\n') p = row + CsvRows.FirstEnd(block.Buffer.AsSpan((int)(row - text)));
                p++;
            }
        }
        return null;
    }

    // Afterwards p is at a comma or a line end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryField(ref byte* p, out T value)
    {
        byte* at = p;
        while (IsBlank(*at)) at++;
        if (!CellScanner.TryScan(ref at, out value) && !TryUnusual(ref at, out value)) return false;
        while (IsBlank(*at)) at++;
        p = at;
        return *at is (byte)',' or (byte)'\n';
    }

    static bool TryUnusual(ref byte* p, out T value)
    {
        value = default;
        if (*p is (byte)',' or (byte)'\n')
        {
            if (typeof(T) == typeof(double)) value = (T)(object)double.NaN;
            else if (typeof(T) == typeof(float)) value = (T)(object)float.NaN;
            else return false;
            return true;
        }
        if (*p != '"') return false;
        byte* at = p + 1;
        while (IsBlank(*at)) at++;
        if (!CellScanner.TryScan(ref at, out value)) return false;
        while (IsBlank(*at)) at++;
        p = at + 1;
        return *at == '"';
    }

    static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r';
}
