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

    /// <summary>
    /// The matrix here, in this process: a matrix that lies elsewhere (on workers) is fetched on the first call and kept. The caller does not own the result.
    /// </summary>
    public virtual Matrix Here() => this;
}
