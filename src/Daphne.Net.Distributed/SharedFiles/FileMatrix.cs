using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>
/// A matrix in a file until somebody here needs its cells; workers that share the file read their rows of it themselves. It is the matrix that was in the file when the script came to its
/// <c>readMatrix</c>: a file that has changed since then is an error, not another matrix.
/// </summary>
sealed class FileMatrix(FileCells cells) : Matrix(cells.Meta.Rows, cells.Meta.Cols)
{
    /// <summary>What is in the file.</summary>
    public FileCells InFile => cells;

    public override ValueTypeCode ValueType => cells.Meta.MatrixValueType;

    /// <summary>Another matrix over the same file: this one may go. The caller owns it.</summary>
    public FileMatrix Share()
    {
        cells.AddUser();
        return new(cells);
    }

    /// <inheritdoc/>
    public override Matrix Here() => cells.HereAsync().GetAwaiter().GetResult();

    /// <inheritdoc/>
    protected override void Free() => cells.Leave();
}
