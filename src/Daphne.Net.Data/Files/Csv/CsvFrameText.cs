using System.Buffers;

namespace Daphne.Net.Data;

/// <summary>Rows of a frame as CSV text.</summary>
sealed class CsvFrameText(Frame frame) : CsvText(frame.Rows)
{
    readonly Column[] columns = [.. frame.Columns.ToArray().Select(c => c is StringMatrix strings ? new Strings(strings) : DenseMatrix.Dispatch<ForNumbers, Column>(c.Here(), default))];

    public override int RowsAtOnce => (int)Math.Clamp(16 * 1024 / Math.Max(1, columns.Length), 1, 16 * 1024);

    public override void Append(long row, IBufferWriter<byte> utf8)
    {
        for (int c = 0; c < columns.Length; c++)
        {
            if (c > 0) Printer.Put((byte)',', utf8);
            columns[c].Append(row, utf8);
        }
        Printer.Put((byte)'\n', utf8);
    }

    abstract class Column
    {
        public abstract void Append(long row, IBufferWriter<byte> utf8);
    }

    readonly struct ForNumbers : IMatrixVisitor<Column>
    {
        public Column Visit<T>(DenseMatrix<T> matrix) where T : unmanaged => new Numbers<T>(matrix);
    }

    sealed class Numbers<T>(DenseMatrix<T> cells) : Column where T : unmanaged
    {
        public override void Append(long row, IBufferWriter<byte> utf8) => utf8.Advance(NumberText.RoundTrip(cells[row, 0], utf8.GetSpan(NumberText.MostPrinted)));
    }

    sealed class Strings(StringMatrix cells) : Column
    {
        public override void Append(long row, IBufferWriter<byte> utf8) => Field(cells[row, 0], utf8);
    }
}
