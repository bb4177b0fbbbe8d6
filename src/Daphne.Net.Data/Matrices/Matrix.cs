using System.Buffers;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>A matrix of any value type and representation. Row-major: cell (r, c) is number r * <see cref="Cols"/> + c.</summary>
public abstract class Matrix : DataObject
{
    /// <summary>Sets the shape.</summary>
    protected Matrix(long rows, long cols)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(cols);
        (Rows, Cols) = (rows, cols);
    }

    /// <summary>Number of rows; 0 is allowed.</summary>
    public long Rows { get; }

    /// <summary>Number of columns; 0 is allowed.</summary>
    public long Cols { get; }

    /// <summary>Number of cells.</summary>
    public long Cells => Rows * Cols;

    /// <summary>The type of a cell.</summary>
    public abstract ValueTypeCode ValueType { get; }

    /// <inheritdoc/>
    public override Matrix Here() => this;

    /// <summary>True if its cells lie in memory of the caller of the library, who may change them once the run has ended.</summary>
    public virtual bool IsBorrowed => false;

    /// <summary>How the print form calls its representation.</summary>
    protected virtual string RepresentationName => "DenseMatrix";

    /// <inheritdoc/>
    public override string Header => $"{RepresentationName}({Rows}x{Cols}, {ValueType.PrintedName()})";

    /// <inheritdoc/>
    public override void Print(IBufferWriter<byte> utf8)
    {
        Printer.Put(Header, utf8);
        Printer.Put((byte)'\n', utf8);
        Here().PrintRows(utf8);
    }

    /// <summary>Writes the rows: cells with a blank between, a line end after each row. Called on what <see cref="Here"/> returned.</summary>
    protected virtual void PrintRows(IBufferWriter<byte> utf8) => throw new NotSupportedException($"{GetType().Name} has no cells here");

    /// <summary>Writes one cell as it stands in the print form, if it fits. Called on what <see cref="Here"/> returned.</summary>
    /// <returns>False where it does not fit: at most that many bytes were written as there are, and none of them counts.</returns>
    internal virtual bool TryPrintCell(long row, long col, Span<byte> utf8, out int written) => throw new NotSupportedException($"{GetType().Name} has no cells here");
}
