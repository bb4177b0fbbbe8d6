using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Floats as one of 256 numbers: 0 has a number of its own, so that it stays exact.</summary>
public static class Quantization
{
    /// <summary>dst = the number of each cell, for an interval that is widened to hold 0. Cells outside have the first or last number, nan has 0.</summary>
    /// <exception cref="RaisedException">There is no such interval.</exception>
    public static void Apply(DenseMatrix<float> x, float min, float max, DenseMatrix<byte> dst)
    {
        if (!float.IsFinite(min) || !float.IsFinite(max) || min > max || (min == 0 && max == 0)) throw Diag.QuantizeBounds.Raise(min, max);
        Elementwise.CheckDestination(x, dst);
        (min, max) = (Math.Min(min, 0), Math.Max(max, 0));
        float step = (max - min) / 256;
        float zero = Rounded(byte.MaxValue - max / step);
        foreach (var (start, length) in x.Chunks())
        {
            var cells = x.Span(start, length);
            var numbers = dst.WritableSpan(start, length);
            for (int i = 0; i < cells.Length; i++) numbers[i] = Rounded(zero + cells[i] / step);
        }
    }

    static byte Rounded(float x) => x > 0 ? (byte)MathF.Round(Math.Min(x, byte.MaxValue), MidpointRounding.AwayFromZero) : (byte)0;
}
