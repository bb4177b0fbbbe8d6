using System.Buffers;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>A matrix of strings, row by row. Its cells are managed: no string is null.</summary>
public sealed class StringMatrix : Matrix
{
    readonly string[] cells;

    /// <summary>A matrix over these cells, row by row; the array belongs to the matrix from now on.</summary>
    /// <exception cref="ArgumentException">There are not rows * cols cells.</exception>
    public StringMatrix(string[] cells, long rows, long cols) : base(rows, cols)
    {
        if (cells.Length != Cells) throw new ArgumentException($"{cells.Length} cells do not make a {rows}x{cols} matrix", nameof(cells));
        this.cells = cells;
    }

    /// <summary>A new matrix of empty strings, and its cells to write: only whoever makes the matrix writes them.</summary>
    /// <exception cref="RaisedException">There is no memory for it.</exception>
    public static StringMatrix Allocate(long rows, long cols, out Span<string> cells)
    {
        string[] array = NewCells(rows, cols);
        (cells = array).Fill("");
        return new(array, rows, cols);
    }

    /// <summary>Cells for a matrix, to be filled: all null.</summary>
    internal static string[] NewCells(long rows, long cols)
    {
        var count = (UInt128)rows * (UInt128)cols;
        if (count * (uint)IntPtr.Size > (ulong)Math.Min(BufferPool.Shared.LimitBytes, SystemMemory.TotalBytes)) throw BufferPool.Shared.TooMuch(count * (uint)IntPtr.Size);
        return count <= (uint)Array.MaxLength ? new string[(int)count] : throw Diag.OutOfMemory.Raise(count * (uint)IntPtr.Size, (long)Array.MaxLength * IntPtr.Size);
    }

    /// <inheritdoc/>
    public override ValueTypeCode ValueType => ValueTypeCode.Str;

    /// <summary>One cell.</summary>
    public string this[long row, long col] =>
        (ulong)row < (ulong)Rows && (ulong)col < (ulong)Cols
            ? cells[row * Cols + col]
            : throw new ArgumentOutOfRangeException(nameof(row), $"[{row}, {col}] of a {Rows}x{Cols} matrix");

    /// <summary>All cells, row by row.</summary>
    public ReadOnlySpan<string> Span => cells;

    /// <summary>The same, to write: only whoever makes the matrix writes them.</summary>
    internal string[] WritableCells => cells;

    /// <inheritdoc/>
    protected override void PrintRows(IBufferWriter<byte> utf8)
    {
        for (long r = 0; r < Rows; r++)
        {
            for (long c = 0; c < Cols; c++)
            {
                if (c > 0) Printer.Put((byte)' ', utf8);
                Printer.Put(cells[r * Cols + c], utf8);
            }
            Printer.Put((byte)'\n', utf8);
        }
    }

    /// <inheritdoc/>
    internal override bool TryPrintCell(long row, long col, Span<byte> utf8, out int written) => Encoding.UTF8.TryGetBytes(this[row, col], utf8, out written);

    /// <inheritdoc/>
    protected override void Free() { }
}
