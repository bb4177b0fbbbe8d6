using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>
/// A dense matrix: all cells, row by row, without gaps. Counts are <c>long</c>; a span covers at most one row block
/// (<see cref="Span(long, int)"/>), because a span cannot be longer than 2^31 - 1.
/// </summary>
/// <typeparam name="T">The storage of a cell: see <see cref="ValueTypes.Of{T}"/>. Sizes are stored as <c>ulong</c>.</typeparam>
public sealed unsafe class DenseMatrix<T> : Matrix where T : unmanaged
{
    readonly MemoryBlock block;
    readonly T* cells;

    DenseMatrix(MemoryBlock block, T* cells, long rows, long cols) : base(rows, cols)
    {
        this.block = block;
        this.cells = cells;
    }

    /// <summary>A new matrix from the pool; unless <paramref name="zeroed"/> its cells hold whatever was there before.</summary>
    /// <exception cref="RaisedException">There is no memory for it.</exception>
    public static DenseMatrix<T> Allocate(long rows, long cols, bool zeroed = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(cols);
        var bytes = (UInt128)rows * (UInt128)cols * (UInt128)sizeof(T);
        if (bytes > long.MaxValue) throw BufferPool.Shared.TooMuch(bytes);
        var block = BufferPool.Shared.Rent((nuint)bytes, zeroed);
        return new(block, (T*)block.Address, rows, cols);
    }

    /// <summary>A matrix over the caller's memory, which is never written and must stay unchanged while the matrix lives.</summary>
    /// <exception cref="ArgumentException">The memory does not hold rows * cols cells.</exception>
    public static DenseMatrix<T> Borrow(ReadOnlyMemory<T> memory, long rows, long cols)
    {
        if (memory.Length != (Int128)rows * cols) throw new ArgumentException($"{memory.Length} cells do not make a {rows}x{cols} matrix", nameof(memory));
        var block = MemoryBlock.Borrow(memory);
        return new(block, (T*)block.Address, rows, cols);
    }

    /// <summary>A matrix with a copy of these cells, row by row.</summary>
    public static DenseMatrix<T> Copy(ReadOnlySpan<T> cells, long rows, long cols)
    {
        if (cells.Length != (Int128)rows * cols) throw new ArgumentException($"{cells.Length} cells do not make a {rows}x{cols} matrix", nameof(cells));
        var result = Allocate(rows, cols);
        cells.CopyTo(result.WritableSpan(0, cells.Length));
        return result;
    }

    /// <inheritdoc/>
    public override ValueTypeCode ValueType => ValueTypes.Of<T>();

    /// <summary>The first cell; for native code and register tiles. Valid while the matrix is owned.</summary>
    public T* Cell0 => cells;

    /// <summary>True if the one owner of this object may overwrite its cells: nobody else sees them.</summary>
    public bool IsExclusive => Owners == 1 && Companion is null && block.IsWritable && block.Owners == 1;

    /// <inheritdoc/>
    public override bool IsBorrowed => !block.IsWritable;

    /// <summary>One cell.</summary>
    public T this[long row, long col]
    {
        get
        {
            if ((ulong)row >= (ulong)Rows || (ulong)col >= (ulong)Cols) throw new ArgumentOutOfRangeException(nameof(row), $"[{row}, {col}] of a {Rows}x{Cols} matrix");
            return cells[row * Cols + col];
        }
    }

    /// <summary>Cells <paramref name="start"/> … <paramref name="start"/> + <paramref name="length"/> - 1 in row-major order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<T> Span(long start, int length)
    {
        CheckRange(start, length);
        return MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AsRef<T>(cells + start), length);
    }

    /// <summary>The same, to write. Only the one who made the matrix, or who found it <see cref="IsExclusive"/>, writes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> WritableSpan(long start, int length)
    {
        CheckRange(start, length);
        return MemoryMarshal.CreateSpan(ref Unsafe.AsRef<T>(cells + start), length);
    }

    /// <summary>Row <paramref name="row"/>.</summary>
    public ReadOnlySpan<T> Row(long row) => Span(row * Cols, checked((int)Cols));

    /// <summary>Row <paramref name="row"/>, to write.</summary>
    public Span<T> WritableRow(long row) => WritableSpan(row * Cols, checked((int)Cols));

    /// <summary>All cells in chunks that fit a span: (start, length) pairs.</summary>
    public IEnumerable<(long Start, int Length)> Chunks()
    {
        const int most = 1 << 30;
        for (long start = 0; start < Cells; start += most) yield return (start, (int)Math.Min(most, Cells - start));
    }

    /// <summary>Rows first … first + count - 1 as a matrix over the same memory.</summary>
    public DenseMatrix<T> RowRange(long first, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Rows - first);
        block.Retain();
        return new(block, cells + first * Cols, count, Cols);
    }

    /// <summary>The same cells, row by row, in another shape, over the same memory.</summary>
    public DenseMatrix<T> Reshape(long rows, long cols)
    {
        if ((Int128)rows * cols != Cells) throw new ArgumentException($"a {Rows}x{Cols} matrix has not the cells of a {rows}x{cols} one", nameof(rows));
        block.Retain();
        return new(block, cells, rows, cols);
    }

    /// <summary>All cells as an array, row by row.</summary>
    public T[] ToArray()
    {
        T[] array = Span(0, checked((int)Cells)).ToArray();
        GC.KeepAlive(this);         // a matrix that nobody releases gives its memory back when it is collected
        return array;
    }

    /// <inheritdoc/>
    protected override void PrintRows(IBufferWriter<byte> utf8)
    {
        const int room = 4096;
        Span<byte> text = default;
        int used = 0;
        for (long r = 0; r < Rows; r++)
        {
            T* row = cells + r * Cols;
            for (long c = 0; c < Cols; c++)
            {
                if (text.Length - used < NumberText.MostPrinted + 1)
                {
                    utf8.Advance(used);
                    text = utf8.GetSpan(room);
                    used = 0;
                }
                used += NumberText.Print(row[c], text[used..]);
                text[used++] = c == Cols - 1 ? (byte)'\n' : (byte)' ';
            }
            if (Cols == 0) Printer.Put((byte)'\n', utf8);
        }
        utf8.Advance(used);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    internal override bool TryPrintCell(long row, long col, Span<byte> utf8, out int written)
    {
        bool fits = utf8.Length >= NumberText.MostPrinted;
        written = fits ? NumberText.Print(this[row, col], utf8) : 0;
        GC.KeepAlive(this);
        return fits;
    }

    /// <inheritdoc/>
    protected override void Free() => block.Release();

    void CheckRange(long start, int length)
    {
        if (start < 0 || length < 0 || start > Cells - length) throw new ArgumentOutOfRangeException(nameof(start), $"cells {start} … {start + length - 1} of a {Rows}x{Cols} matrix");
    }
}
