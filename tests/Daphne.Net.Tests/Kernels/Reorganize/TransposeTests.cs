using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class TransposeTests
{
    [Fact] public void Cells_of_8_bytes() => Check<double>();
    [Fact] public void Cells_of_4_bytes() => Check<float>();
    [Fact] public void Cells_of_1_byte() => Check<sbyte>();

    static void Check<T>() where T : unmanaged, INumber<T>
    {
        var shapes = from r in Enumerable.Range(0, 18) from c in Enumerable.Range(0, 18) select (r, c);
        foreach (var (rows, cols) in shapes.Concat([(63, 65), (32, 64), (33, 40), (100, 9), (1, 200), (200, 1)]))
        {
            // Every cell has a value of its own as far as the type has values.
            var x = RandomMatrices.Build(rows, cols, (r, c) => T.CreateTruncating(r * cols + c));
            RandomMatrices.AssertSame(RandomMatrices.Build(cols, rows, (r, c) => x[c, r]), Transpose.Apply(x), $"t({rows}x{cols})");
        }
    }

    [Fact]
    public void Any_split_by_rows_is_one_piece()
    {
        var x = RandomMatrices.Whole<double>(83, 45, seed: 1);
        var pieces = DenseMatrix<double>.Allocate(45, 83);
        Transpose.Rows(x, pieces, 0, 41);
        Transpose.Rows(x, pieces, 41, 42);
        RandomMatrices.AssertSame(Transpose.Apply(x), pieces, "two pieces");
    }

    [Fact]
    public unsafe void A_vector_is_turned_without_a_copy()
    {
        var x = RandomMatrices.Whole<double>(5, 1, seed: 1);
        Assert.True(Transpose.Apply(x).Cell0 == x.Cell0);
    }
}
