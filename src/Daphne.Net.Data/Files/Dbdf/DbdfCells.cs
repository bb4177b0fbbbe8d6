using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>The cells of a dense matrix, to be filled from a file that may hold another value type.</summary>
abstract class DbdfCells
{
    public static DbdfCells Of(Matrix matrix) => DenseMatrix.Dispatch<ForNumbers, DbdfCells>(matrix, default);

    /// <summary>Reads one cell; false if it does not fit.</summary>
    public abstract bool Cell(FileBytes bytes, ValueTypeCode type, long row, long col);

    /// <summary>Reads so many cells beside each other; false if one does not fit.</summary>
    public abstract bool Row(FileBytes bytes, ValueTypeCode type, long row, long col, long count);

    /// <summary>A string of so many bytes.</summary>
    public static string Text(FileBytes bytes, int length)
    {
        if (length <= 1024) return Encoding.UTF8.GetString(bytes.Take(length));
        byte[] text = new byte[length];
        bytes.Read(text);
        return Encoding.UTF8.GetString(text);
    }

    readonly struct ForNumbers : IMatrixVisitor<DbdfCells>
    {
        public DbdfCells Visit<T>(DenseMatrix<T> matrix) where T : unmanaged => new Numbers<T>(matrix);
    }

    sealed unsafe class Numbers<T>(DenseMatrix<T> matrix) : DbdfCells where T : unmanaged
    {
        public override bool Cell(FileBytes bytes, ValueTypeCode type, long row, long col) =>
            CellConversion.TryConvert(type, ValueHeader.BitsOf(type, bytes.Take(type.SizeInBytes())), out matrix.Cell0[row * matrix.Cols + col]);

        public override bool Row(FileBytes bytes, ValueTypeCode type, long row, long col, long count)
        {
            // A byte that is neither 0 nor 1 would make two unequal trues, so these are looked at one by one.
            if (type != matrix.ValueType || type == ValueTypeCode.Bool)
            {
                for (long c = 0; c < count; c++)
                    if (!Cell(bytes, type, row, col + c)) return false;
                return true;
            }
            const int most = 1 << 27;
            for (long done = 0; done < count; done += most)
                bytes.Read(new Span<byte>(matrix.Cell0 + row * matrix.Cols + col + done, (int)Math.Min(most, count - done) * sizeof(T)));
            return true;
        }
    }
}
