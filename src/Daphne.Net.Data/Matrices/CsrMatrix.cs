using System.Buffers;
using System.Runtime.CompilerServices;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>
/// A sparse matrix in compressed rows: of each row the cells that are stored, by ascending column; every other cell is zero. A stored cell may be zero
/// too. Columns are 32 bits wide, because half the memory is half the time; counts of rows and of stored cells are <c>long</c>.
/// </summary>
/// <typeparam name="T">The storage of a cell: see <see cref="ValueTypes.Of{T}"/>. Sizes are stored as <c>ulong</c>.</typeparam>
public sealed unsafe class CsrMatrix<T> : Matrix where T : unmanaged
{
    readonly MemoryBlock offsetBlock, columnBlock, valueBlock;

    CsrMatrix(MemoryBlock offsetBlock, long* offsets, MemoryBlock columnBlock, int* columns, MemoryBlock valueBlock, T* values, long rows, long cols) : base(rows, cols)
    {
        (this.offsetBlock, this.columnBlock, this.valueBlock) = (offsetBlock, columnBlock, valueBlock);
        Offsets = offsets;
        Columns = columns;
        Values = values;
    }

    /// <summary>
    /// A new matrix from the pool with room for so many stored cells; whoever makes it fills <see cref="Offsets"/>, <see cref="Columns"/> and
    /// <see cref="Values"/>. Until then they hold whatever was there before.
    /// </summary>
    /// <exception cref="RaisedException">There is no memory for it, or it has too many columns.</exception>
    public static CsrMatrix<T> Allocate(long rows, long cols, long stored)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(stored);
        if (cols > int.MaxValue) throw Diag.TooManySparseColumns.Raise(rows, cols);
        MemoryBlock offsets = Rent<long>((UInt128)rows + 1), columns, values;
        try
        {
            columns = Rent<int>((UInt128)stored);
        }
        catch
        {
            offsets.Release();
            throw;
        }
        try
        {
            values = Rent<T>((UInt128)stored);
        }
        catch
        {
            offsets.Release();
            columns.Release();
            throw;
        }
        return new(offsets, (long*)offsets.Address, columns, (int*)columns.Address, values, (T*)values.Address, rows, cols);
    }

    /// <summary>A matrix with a copy of these cells: row r has the columns and values offsets[r] … offsets[r + 1] - 1.</summary>
    /// <exception cref="ArgumentException">The offsets or columns are no such rows: not ascending, or outside of the matrix.</exception>
    public static CsrMatrix<T> Copy(ReadOnlySpan<long> offsets, ReadOnlySpan<int> columns, ReadOnlySpan<T> values, long rows, long cols)
    {
        if (offsets.Length != rows + 1 || offsets[0] != 0 || offsets[^1] != columns.Length) throw new ArgumentException("offsets go from 0 to the number of stored cells, one more than rows", nameof(offsets));
        if (columns.Length != values.Length) throw new ArgumentException("every stored cell has a column and a value", nameof(values));
        for (int r = 0; r < rows; r++)
        {
            if (offsets[r] > offsets[r + 1] || offsets[r + 1] > columns.Length) throw new ArgumentException($"the offsets do not ascend to the number of stored cells at row {r}", nameof(offsets));
            for (long at = offsets[r]; at < offsets[r + 1]; at++)
                if (columns[(int)at] < 0 || columns[(int)at] >= cols || (at > offsets[r] && columns[(int)at] <= columns[(int)at - 1])) throw new ArgumentException($"the columns of row {r} do not ascend within the matrix", nameof(columns));
        }
        var result = Allocate(rows, cols, columns.Length);
        offsets.CopyTo(new(result.Offsets, offsets.Length));
        columns.CopyTo(new(result.Columns, columns.Length));
        values.CopyTo(new(result.Values, values.Length));
        return result;
    }

    /// <inheritdoc/>
    public override ValueTypeCode ValueType => ValueTypes.Of<T>();

    /// <summary>
    /// Where each row begins in <see cref="Columns"/> and <see cref="Values"/>, and where the last one ends; rows + 1 numbers. A range of rows of another
    /// matrix does not begin at 0. Valid while the matrix is owned, as are the others.
    /// </summary>
    public long* Offsets { get; }

    /// <summary>The columns of the stored cells.</summary>
    public int* Columns { get; }

    /// <summary>The stored cells.</summary>
    public T* Values { get; }

    /// <summary>How many cells are stored.</summary>
    public long Stored => Offsets[Rows] - Offsets[0];

    /// <summary>One cell.</summary>
    public T this[long row, long col]
    {
        get
        {
            if ((ulong)row >= (ulong)Rows || (ulong)col >= (ulong)Cols) throw new ArgumentOutOfRangeException(nameof(row), $"[{row}, {col}] of a {Rows}x{Cols} matrix");
            long first = Offsets[row];
            int at = ColumnsOf(row).BinarySearch((int)col);
            return at < 0 ? default : Values[first + at];
        }
    }

    /// <summary>The columns that are stored of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<int> ColumnsOf(long row) => new(Columns + Offsets[row], (int)(Offsets[row + 1] - Offsets[row]));

    /// <summary>The values that are stored of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<T> ValuesOf(long row) => new(Values + Offsets[row], (int)(Offsets[row + 1] - Offsets[row]));

    /// <summary>Rows first … first + count - 1 as a matrix over the same memory.</summary>
    public CsrMatrix<T> RowRange(long first, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Rows - first);
        offsetBlock.Retain();
        columnBlock.Retain();
        valueBlock.Retain();
        return new(offsetBlock, Offsets + first, columnBlock, Columns, valueBlock, Values, count, Cols);
    }

    /// <summary>A matrix that stores the same cells, over the same memory, with other values: whoever makes it fills <see cref="Values"/>, by the same offsets.</summary>
    /// <exception cref="RaisedException">There is no memory for it.</exception>
    public CsrMatrix<TOther> WithNewValues<TOther>() where TOther : unmanaged
    {
        var values = Rent<TOther>((UInt128)Stored);
        offsetBlock.Retain();
        columnBlock.Retain();
        return CsrMatrix<TOther>.Over(offsetBlock, Offsets, columnBlock, Columns, values, (TOther*)values.Address - Offsets[0], Rows, Cols);
    }

    /// <inheritdoc/>
    protected override string RepresentationName => "CSRMatrix";

    /// <inheritdoc/>
    protected override void PrintRows(IBufferWriter<byte> utf8)
    {
        for (long r = 0; r < Rows; r++)
        {
            long at = Offsets[r], end = Offsets[r + 1];
            for (long c = 0; c < Cols; c++)
            {
                if (c > 0) Printer.Put((byte)' ', utf8);
                utf8.Advance(NumberText.Print(at < end && Columns[at] == c ? Values[at++] : default, utf8.GetSpan(NumberText.MostPrinted)));
            }
            Printer.Put((byte)'\n', utf8);
        }
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    protected override void Free()
    {
        offsetBlock.Release();
        columnBlock.Release();
        valueBlock.Release();
    }

    static MemoryBlock Rent<TCell>(UInt128 count) where TCell : unmanaged
    {
        var bytes = count * (UInt128)sizeof(TCell);
        return bytes <= long.MaxValue ? BufferPool.Shared.Rent((nuint)bytes, zeroed: false) : throw BufferPool.Shared.TooMuch(bytes);
    }

    // The matrix that WithNewValues makes is of another type.
    internal static CsrMatrix<T> Over(MemoryBlock offsetBlock, long* offsets, MemoryBlock columnBlock, int* columns, MemoryBlock valueBlock, T* values, long rows, long cols) =>
        new(offsetBlock, offsets, columnBlock, columns, valueBlock, values, rows, cols);
}
