using System.Buffers;
using System.Text;
using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>A dense matrix as a Matrix Market file: a header, then all cells, one per line, column by column. A "row" of the text is a stretch of a column.</summary>
abstract class MatrixMarketText(long lines) : RowText(lines)
{
    public static MatrixMarketText Of(Matrix matrix) => DenseMatrix.Dispatch<ForNumbers, MatrixMarketText>(matrix, default);

    readonly struct ForNumbers : IMatrixVisitor<MatrixMarketText>
    {
        public MatrixMarketText Visit<T>(DenseMatrix<T> matrix) where T : unmanaged => new Numbers<T>(matrix);
    }

    sealed class Numbers<T>(DenseMatrix<T> matrix) : MatrixMarketText(matrix.Cells) where T : unmanaged
    {
        public override int RowsAtOnce => 32 * 1024;

        public override long Head(SafeFileHandle file)
        {
            string field = ValueTypes.Of<T>().IsFloat() ? "real" : "integer";
            byte[] head = Encoding.ASCII.GetBytes($"%%MatrixMarket matrix array {field} general\n{matrix.Rows} {matrix.Cols}\n");
            RandomAccess.Write(file, head, 0);
            return head.Length;
        }

        public override unsafe void Append(long line, IBufferWriter<byte> utf8)
        {
            var (col, row) = Math.DivRem(line, matrix.Rows);
            var text = utf8.GetSpan(NumberText.MostPrinted + 1);
            int length = NumberText.RoundTrip(matrix.Cell0[row * matrix.Cols + col], text);
            text[length] = (byte)'\n';
            utf8.Advance(length + 1);
        }
    }
}
