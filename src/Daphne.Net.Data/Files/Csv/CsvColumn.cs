using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>One column of a frame that is being read from a CSV file.</summary>
abstract unsafe class CsvColumn
{
    /// <summary>The column as it is; whole once all rows are read.</summary>
    public abstract Matrix Cells { get; }

    /// <summary>Reads the field at <paramref name="p"/>, which moves to the comma or line end behind it, into a row; false if it does not fit.</summary>
    public abstract bool TryRead(ref byte* p, byte* end, long row);

    public static CsvColumn Of(ValueTypeCode type, long rows) => type == ValueTypeCode.Str ? new Strings(rows) : DenseMatrix.Dispatch<ForType, CsvColumn>(type, new(rows));

    readonly struct ForType(long rows) : IStorageVisitor<CsvColumn>
    {
        public CsvColumn Visit<T>() where T : unmanaged => new Numbers<T>(DenseMatrix<T>.Allocate(rows, 1));
    }

    sealed class Numbers<T>(DenseMatrix<T> cells) : CsvColumn where T : unmanaged
    {
        public override Matrix Cells => cells;

        public override bool TryRead(ref byte* p, byte* end, long row) => CsvField.TryNumber(ref p, out cells.Cell0[row]);
    }

    sealed class Strings(long rows) : CsvColumn
    {
        readonly RecentStrings recent = new();
        readonly StringMatrix cells = new(StringMatrix.NewCells(rows, 1), rows, 1);

        public override Matrix Cells => cells;

        public override bool TryRead(ref byte* p, byte* end, long row)
        {
            int at = 0;
            cells.WritableCells[row] = CsvField.Text(new(p, (int)(end - p)), ref at, recent);
            p += at;
            return true;
        }
    }
}
