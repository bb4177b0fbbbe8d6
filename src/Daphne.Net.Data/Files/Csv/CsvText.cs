using System.Buffers;
using System.Text;

namespace Daphne.Net.Data;

/// <summary>Rows of a matrix or frame as CSV text: shortest digits that read back the same, strings quoted where they must be, <c>\n</c> behind every row.</summary>
abstract class CsvText(long rows) : RowText(rows)
{
    static readonly SearchValues<char> needQuotes = SearchValues.Create(",\"\n\r");

    public static CsvText Of(Matrix matrix) =>
        matrix is StringMatrix strings ? new Strings(strings) : DenseMatrix.Dispatch<ForNumbers, CsvText>(matrix, default);

    public static CsvText Of(Frame frame) => new CsvFrameText(frame);

    /// <summary>A string as a field: quoted where it must be, quotes doubled.</summary>
    public static void Field(string cell, IBufferWriter<byte> utf8) =>
        Encoding.UTF8.GetBytes(cell.AsSpan().ContainsAny(needQuotes) ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell, utf8);

    readonly struct ForNumbers : IMatrixVisitor<CsvText>
    {
        public CsvText Visit<T>(DenseMatrix<T> matrix) where T : unmanaged => new Numbers<T>(matrix);
    }

    sealed class Numbers<T>(DenseMatrix<T> matrix) : CsvText(matrix.Rows) where T : unmanaged
    {
        public override int RowsAtOnce => (int)Math.Clamp(32 * 1024 / Math.Max(1, matrix.Cols), 1, 32 * 1024);

        public override void Append(long row, IBufferWriter<byte> utf8)
        {
            const int room = 64 * (NumberText.MostPrinted + 1);
            for (long c = 0; c < matrix.Cols;)
            {
                var text = utf8.GetSpan(room);
                int used = 0;
                foreach (T cell in matrix.Span(row * matrix.Cols + c, (int)Math.Min(64, matrix.Cols - c)))
                {
                    used += NumberText.RoundTrip(cell, text[used..]);
                    text[used++] = ++c == matrix.Cols ? (byte)'\n' : (byte)',';
                }
                utf8.Advance(used);
            }
            if (matrix.Cols == 0) Printer.Put((byte)'\n', utf8);
        }
    }

    sealed class Strings(StringMatrix matrix) : CsvText(matrix.Rows)
    {
        public override int RowsAtOnce => (int)Math.Clamp(8 * 1024 / Math.Max(1, matrix.Cols), 1, 8 * 1024);

        public override void Append(long row, IBufferWriter<byte> utf8)
        {
            for (long c = 0; c < matrix.Cols; c++)
            {
                if (c > 0) Printer.Put((byte)',', utf8);
                Field(matrix[row, c], utf8);
            }
            Printer.Put((byte)'\n', utf8);
        }
    }
}
