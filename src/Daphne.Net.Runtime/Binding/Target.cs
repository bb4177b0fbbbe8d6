using Daphne.Net.Data;

namespace Daphne.Net.Runtime;

/// <summary>Where the result of an operation cell by cell goes: into its rows of a larger result, or into an operand nobody needs any more, else into a new matrix.</summary>
static class Target
{
    public static DenseMatrix<T> Over<T>(Activation activation, int to, DenseMatrix<T> x, bool mayOverwrite) where T : unmanaged =>
        Window(activation, to, x) ?? (mayOverwrite && x.IsExclusive ? WithOneMoreOwner(x) : DenseMatrix<T>.Allocate(x.Rows, x.Cols));

    public static DenseMatrix<T> Over<T>(Activation activation, int to, DenseMatrix<T> x, bool mayOverwriteX, DenseMatrix<T> y, bool mayOverwriteY) where T : unmanaged =>
        Window(activation, to, x) ?? (mayOverwriteX && x.IsExclusive ? WithOneMoreOwner(x)
        : mayOverwriteY && y.Rows == x.Rows && y.Cols == x.Cols && y.IsExclusive ? WithOneMoreOwner(y)
        : DenseMatrix<T>.Allocate(x.Rows, x.Cols));

    // A batch of a pipeline writes its rows of a result where they belong.
    static DenseMatrix<T>? Window<T>(Activation activation, int to, DenseMatrix<T> x) where T : unmanaged =>
        activation.Windows?[to] is DenseMatrix<T> window && window.Rows == x.Rows && window.Cols == x.Cols ? WithOneMoreOwner(window) : null;

    // Who holds it now releases it in time; the result's slot keeps it.
    static DenseMatrix<T> WithOneMoreOwner<T>(DenseMatrix<T> x) where T : unmanaged
    {
        x.Retain();
        return x;
    }
}
