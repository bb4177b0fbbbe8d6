using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Reads the blocks of a matrix, or of one column of a frame, into a target whose cells are all zero: all rows, or a window of them.</summary>
/// <param name="bytes">The file, at the first block.</param>
/// <param name="path">What diagnostics call it.</param>
/// <param name="codes">What its value types mean.</param>
/// <param name="target">Takes the rows of the window.</param>
/// <param name="ct">Ends the reading at the next row.</param>
sealed class DbdfBlocks(FileBytes bytes, string path, DbdfCodes codes, Matrix target, CancellationToken ct = default)
{
    /// <summary>Our own: as many strings as the block has cells, each its length in four bytes and its UTF-8.</summary>
    public const byte StringBlock = 100;

    readonly DbdfCells? numbers = target is StringMatrix ? null : DbdfCells.Of(target);

    /// <summary>Where the target stands in the whole frame.</summary>
    public int Column { get; init; }

    /// <summary>Which row of the file is the first of the target.</summary>
    public long FirstRow { get; init; }

    /// <summary>Rows in the file.</summary>
    public long FileRows { get; init; } = target.Rows;

    /// <summary>Reads the next block; returns the number of its cells.</summary>
    /// <exception cref="RaisedException">It is malformed.</exception>
    public long Read()
    {
        ulong rx = bytes.UInt64(), cx = bytes.UInt64();
        uint rows = bytes.UInt32(), cols = bytes.UInt32();
        byte kind = bytes.Byte();
        if (cx < (ulong)Column || rx > (ulong)FileRows || cx - (ulong)Column > (ulong)target.Cols || rows > (ulong)FileRows - rx || cols > (ulong)target.Cols - (cx - (ulong)Column))
            throw Wrong($"its block of {rows}x{cols} cells at {rx}, {cx} does not lie in the {FileRows}x{target.Cols} cells at 0, {Column}");
        var block = new DbdfBlock((long)rx, (long)cx - Column, rows, cols);
        switch (kind)
        {
            case WireFormat.EmptyBlock: break;
            case WireFormat.DenseBlock: Dense(block); break;
            case WireFormat.SparseBlock: Sparse(block); break;
            case WireFormat.UltraSparseBlock: UltraSparse(block); break;
            case StringBlock: Strings(block); break;
            default: throw Wrong($"there is no block type {kind}");
        }
        return (long)rows * cols;
    }

    void Dense(DbdfBlock block)
    {
        var (cells, type) = Numbers();
        if (block.Cells * type.SizeInBytes() > bytes.Left) throw Wrong("it ends too early");
        var (before, inside) = (Math.Clamp(FirstRow - block.Row, 0, block.Rows), Math.Clamp(FirstRow + target.Rows - block.Row, 0, block.Rows));
        bytes.Skip(before * block.Cols * type.SizeInBytes());
        for (long r = before; r < inside; r++)
        {
            ct.ThrowIfCancellationRequested();
            Check(cells.Row(bytes, type, block.Row + r - FirstRow, block.Col, block.Cols), block.Row + r);
        }
        bytes.Skip((block.Rows - inside) * block.Cols * type.SizeInBytes());
    }

    // The original's code writes row offsets, column indexes and values one after the other; its page describes row for row. The length tells which it is.
    void Sparse(DbdfBlock block)
    {
        var (cells, type) = Numbers();
        ulong count = bytes.UInt64();
        if (count > (ulong)block.Cells || count > (ulong)bytes.Left) throw Wrong($"{count} non-zero cells in a block of {block.Rows}x{block.Cols}");
        Int128 byRows = (Int128)sizeof(uint) * block.Rows + (Int128)count * (sizeof(uint) + type.SizeInBytes());
        bool isOfTheCode = codes == DbdfCodes.OfTheCode && byRows != bytes.Left;
        if ((isOfTheCode ? (Int128)sizeof(ulong) * (block.Rows + 1) + (Int128)count * (sizeof(ulong) + type.SizeInBytes()) : byRows) > bytes.Left) throw Wrong("it ends too early");
        if (isOfTheCode) Compressed(block, cells, type, (long)count);
        else RowForRow(block, cells, type, (long)count);
    }

    void Compressed(DbdfBlock block, DbdfCells cells, ValueTypeCode type, long count)
    {
        var offsets = new long[block.Rows + 1];
        long first = 0;
        for (long r = 0; r <= block.Rows; r++)
        {
            ulong offset = bytes.UInt64();
            // The rows of a view begin where they lie in the matrix that it shows.
            if (r == 0) first = offset <= long.MaxValue ? (long)offset : throw Wrong("a row offset is out of range");
            if (offset < (ulong)first || offset - (ulong)first > (ulong)count || (r > 0 && (long)offset - first < offsets[r - 1])) throw Wrong("its row offsets do not rise");
            offsets[r] = (long)offset - first;
        }
        if (offsets[^1] != count) throw Wrong($"its rows have {offsets[^1]} of {count} non-zero cells");
        var columns = new long[count];
        for (long i = 0; i < count; i++) columns[i] = Index(bytes.UInt64(), block.Cols);
        for (long r = 0; r < block.Rows; r++)
            for (long i = offsets[r]; i < offsets[r + 1]; i++) Cell(cells, type, block.Row + r, block.Col + columns[i]);
    }

    void RowForRow(DbdfBlock block, DbdfCells cells, ValueTypeCode type, long count)
    {
        for (long r = 0; r < block.Rows; r++)
        {
            uint inRow = bytes.UInt32();
            if (inRow > count) throw Wrong("its rows have more non-zero cells than the block");
            count -= inRow;
            for (uint i = 0; i < inRow; i++) Cell(cells, type, block.Row + r, block.Col + Index(bytes.UInt32(), block.Cols));
        }
        if (count > 0) throw Wrong("its rows have fewer non-zero cells than the block");
    }

    void UltraSparse(DbdfBlock block)
    {
        var (cells, type) = Numbers();
        uint count = bytes.UInt32();
        for (uint i = 0; i < count; i++)
        {
            long row = block.Row + Index(bytes.UInt32(), block.Rows), col = block.Cols == 1 ? 0 : Index(bytes.UInt32(), block.Cols);
            Cell(cells, type, row, block.Col + col);
        }
    }

    void Strings(DbdfBlock block)
    {
        var strings = target as StringMatrix ?? throw Diag.CellsAreText.Raise(target.ValueType.DslName());
        byte code = bytes.Byte();
        if (code != WireFormat.Str) throw Wrong($"strings of value type {code}");
        for (long r = 0; r < block.Rows; r++)
            for (long c = 0; c < block.Cols; c++)
            {
                uint length = bytes.UInt32();
                if (length > bytes.Left || length > Array.MaxLength) throw Wrong("it ends too early");
                if (IsWanted(block.Row + r)) strings.WritableCells[(block.Row + r - FirstRow) * strings.Cols + block.Col + c] = DbdfCells.Text(bytes, (int)length);
                else bytes.Skip(length);
            }
    }

    void Cell(DbdfCells cells, ValueTypeCode type, long row, long col)
    {
        if (IsWanted(row)) Check(cells.Cell(bytes, type, row - FirstRow, col), row);
        else bytes.Skip(type.SizeInBytes());
    }

    bool IsWanted(long row) => (ulong)(row - FirstRow) < (ulong)target.Rows;

    (DbdfCells, ValueTypeCode) Numbers()
    {
        byte code = bytes.Byte();
        var type = codes.TypeOf(code) ?? throw Wrong($"there is no value type {code}");
        return numbers is not null && type != ValueTypeCode.Str ? (numbers, type) : throw Wrong("a block of numbers among strings");
    }

    long Index(ulong index, long length) => index < (ulong)length ? (long)index : throw Wrong($"there is no row or column {index} in a block of {length}");

    void Check(bool fits, long row)
    {
        if (!fits) throw Wrong($"a cell in row {row} is no {target.ValueType.DslName()}");
    }

    RaisedException Wrong(string what) => Diag.DbdfMalformed.Raise(path, what);
}

/// <summary>Where a block lies in its target, and its shape.</summary>
readonly record struct DbdfBlock(long Row, long Col, long Rows, long Cols)
{
    public Int128 Cells => (Int128)Rows * Cols;
}
