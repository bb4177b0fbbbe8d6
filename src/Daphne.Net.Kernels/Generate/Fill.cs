using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Matrices of one value.</summary>
public static class Fill
{
    /// <summary>A matrix whose cells are all <paramref name="value"/>.</summary>
    /// <exception cref="RaisedException">There is no memory for it.</exception>
    public static DenseMatrix<T> With<T>(T value, long rows, long cols) where T : unmanaged
    {
        var result = DenseMatrix<T>.Allocate(rows, cols);
        foreach (var (start, length) in result.Chunks()) result.WritableSpan(start, length).Fill(value);
        return result;
    }

    /// <summary>A matrix whose cells are all this string.</summary>
    /// <exception cref="RaisedException">There is no memory for it.</exception>
    public static StringMatrix With(string value, long rows, long cols)
    {
        var result = StringMatrix.Allocate(rows, cols, out var cells);
        cells.Fill(value);
        return result;
    }
}
