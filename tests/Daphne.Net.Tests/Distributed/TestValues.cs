using System.Buffers;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Distributed;

/// <summary>Values of every type and shape, and how to compare them: by their bytes, so that NaN and -0.0 count.</summary>
static class TestValues
{
    public static IEnumerable<ValueTypeCode> Types => ValueTypes.All.Where(t => t is not (ValueTypeCode.Str or ValueTypeCode.Size));

    /// <summary>Random bits in every cell (0 and 1 for bool).</summary>
    public static Datum Matrix(ValueTypeCode type, long rows, long cols, int seed) => Datum.Of(DenseMatrix.Dispatch<Filler, Matrix>(type, new(rows, cols, seed)));

    public static byte[] Bytes(Datum value) => ValueWriter.Bytes(value).ToArray();

    public static double[] Doubles(Datum value) => ((DenseMatrix<double>)value.Object).ToArray();

    public static void Overwrite(DenseMatrix<double> matrix, double with) => matrix.WritableSpan(0, (int)matrix.Cells).Fill(with);

    public static void Release(Datum value)
    {
        if (!value.IsScalar) value.Object.Release();
    }

    readonly struct Filler(long rows, long cols, int seed) : IStorageVisitor<Matrix>
    {
        public Matrix Visit<T>() where T : unmanaged
        {
            var matrix = DenseMatrix<T>.Allocate(rows, cols);
            var random = new Random(seed);
            foreach (var (start, length) in matrix.Chunks())
            {
                var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(matrix.WritableSpan(start, length));
                random.NextBytes(bytes);
                if (typeof(T) != typeof(bool)) continue;
                foreach (ref byte b in bytes) b &= 1;
            }
            return matrix;
        }
    }
}
