using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>Which part of a matrix or frame: some of its rows, some of its columns, or all of it.</summary>
/// <param name="Axis">What is counted; none: all of it.</param>
/// <param name="First">The first row or column.</param>
/// <param name="Count">How many.</param>
readonly record struct CellRange(SplitKind Axis, long First, long Count)
{
    public static CellRange All => new(SplitKind.None, 0, 0);

    /// <summary>The part; the caller owns it.</summary>
    public DataObject Of(DataObject value) => (value, Axis) switch
    {
        (Frame frame, SplitKind.Rows) => frame.RowRange(First, Count),
        (Matrix matrix, SplitKind.Rows) => MatrixRows.Range(matrix, First, Count),
        (Matrix matrix, SplitKind.Cols) => MatrixCols.Range(matrix, First, Count),
        _ => Share(value),
    };

    /// <summary>About how many bytes the part takes.</summary>
    public long BytesOf(DataObject value)
    {
        long all = ValueSize.Of(value), extent = value is Matrix matrix ? (Axis == SplitKind.Cols ? matrix.Cols : matrix.Rows) : value is Frame frame ? frame.Rows : 0;
        return Axis == SplitKind.None || extent == 0 ? all : (long)((double)all / extent * Count);
    }

    /// <summary>All of a value, in an object of its own over the same memory where there is such a thing: the value itself may go. The caller owns it.</summary>
    public static DataObject Share(DataObject value)
    {
        switch (value)
        {
            case Frame frame: return frame.RowRange(0, frame.Rows);
            case Matrix matrix: return MatrixRows.Range(matrix, 0, matrix.Rows);
        }
        value.Retain();
        return value;
    }
}
