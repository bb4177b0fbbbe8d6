using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Constants of a plan as cells.</summary>
static class SqlConstants
{
    /// <summary>A column that holds a constant in every row.</summary>
    public static Matrix Column(SqlConstant constant, long rows)
    {
        if (constant.Value is not string text) return DenseMatrix.Dispatch<Filled, Matrix>(constant.Type, new(constant, rows));
        var result = StringMatrix.Allocate(rows, 1, out var cells);
        cells.Fill(text);
        return result;
    }

    /// <summary>A constant as a cell of <typeparamref name="T"/>, which stores its type.</summary>
    public static T Scalar<T>(SqlConstant constant) where T : unmanaged => Datum.FromBits<T>(constant.Value switch
    {
        double d => Datum.ToBits(d),
        float f => Datum.ToBits(f),
        long n => (ulong)n,
        ulong n => n,
        bool b => b ? 1UL : 0UL,
        var other => throw new System.Diagnostics.UnreachableException($"a constant of {other.GetType().Name}"),
    });

    readonly struct Filled(SqlConstant constant, long rows) : IStorageVisitor<Matrix>
    {
        public Matrix Visit<T>() where T : unmanaged
        {
            var result = DenseMatrix<T>.Allocate(rows, 1);
            foreach (var (start, length) in result.Chunks()) result.WritableSpan(start, length).Fill(Scalar<T>(constant));
            return result;
        }
    }
}
