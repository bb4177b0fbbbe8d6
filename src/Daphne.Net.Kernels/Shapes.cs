using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

static class Shapes
{
    /// <summary>The shape as diagnostics name it: <c>2x3</c>.</summary>
    public static string Shape(this Matrix matrix) => Text(matrix.Rows, matrix.Cols);

    /// <summary>The shape of a frame.</summary>
    public static string Shape(this Frame frame) => Text(frame.Rows, frame.Cols);

    /// <summary>As diagnostics name it: <c>2x3 matrix</c>, <c>2x3 frame</c>.</summary>
    public static string Words(this DataObject value) => value is Frame frame ? frame.Shape() + " frame" : ((Matrix)value).Shape() + " matrix";

    public static string Text(long rows, long cols) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{rows}x{cols}");
}
