using Daphne.Net.Data;

namespace Daphne.Net.Runtime;

/// <summary>Where the result of an operation cell by cell goes: into an operand nobody needs any more, else into a new matrix.</summary>
static class Target
{
    public static DenseMatrix<T> Over<T>(DenseMatrix<T> x, bool mayOverwrite) where T : unmanaged =>
        mayOverwrite && x.IsExclusive ? WithOneMoreOwner(x) : DenseMatrix<T>.Allocate(x.Rows, x.Cols);

    public static DenseMatrix<T> Over<T>(DenseMatrix<T> x, bool mayOverwriteX, DenseMatrix<T> y, bool mayOverwriteY) where T : unmanaged =>
        mayOverwriteX && x.IsExclusive ? WithOneMoreOwner(x)
        : mayOverwriteY && y.Rows == x.Rows && y.Cols == x.Cols && y.IsExclusive ? WithOneMoreOwner(y)
        : DenseMatrix<T>.Allocate(x.Rows, x.Cols);

    // The operand's slot is released behind the step, the result's slot keeps it.
    static DenseMatrix<T> WithOneMoreOwner<T>(DenseMatrix<T> x) where T : unmanaged
    {
        x.Retain();
        return x;
    }
}
