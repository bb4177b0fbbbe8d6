using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

static class Shapes
{
    /// <summary>The shape as diagnostics name it: <c>2x3</c>.</summary>
    public static string Shape(this Matrix matrix) => Text(matrix.Rows, matrix.Cols);

    public static string Text(long rows, long cols) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{rows}x{cols}");
}
