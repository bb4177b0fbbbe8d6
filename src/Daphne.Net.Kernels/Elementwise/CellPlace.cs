namespace Daphne.Net.Kernels;

/// <summary>Where a span of cells lies in its matrix, so that a message can name a cell. The default value: not in a matrix.</summary>
/// <param name="First">The row-major number of the span's first cell.</param>
/// <param name="Cols">The columns of the matrix; 0 if there is none.</param>
public readonly record struct CellPlace(long First, long Cols)
{
    /// <summary><c> in cell [row, column]</c>, counted from 0 as scripts do, or nothing.</summary>
    public string Of(int index)
    {
        if (Cols == 0) return "";
        var (row, col) = Math.DivRem(First + index, Cols);
        return FormattableString.Invariant($" in cell [{row}, {col}]");
    }
}
