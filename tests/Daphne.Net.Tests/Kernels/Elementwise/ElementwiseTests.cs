using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class ElementwiseTests
{
    static readonly (long Rows, long Cols)[] shapes = [(0, 0), (0, 3), (3, 0), (1, 1), (1, 7), (7, 1), (2, 3), (5, 64), (300, 3), (2500, 1), (3, 1500), (2, 3000), (700, 17)];

    [Fact]
    public void A_row_or_column_on_the_right_is_repeated()
    {
        foreach (var op in (OpDef[])[Op.EwSub, Op.EwMin, Op.EwPow])
            foreach (var (rows, cols) in shapes)
            {
                var kernel = EwBinary.Kernel<double>(op)!;
                double[] cells = Cells.Random<double>((int)(rows * cols), seed: 5);
                var x = DenseMatrix<double>.Borrow(cells, rows, cols);
                foreach (var (yRows, yCols) in ((long, long)[])[(rows, cols), (1, cols), (rows, 1)])
                {
                    double[] right = Cells.Random<double>((int)(yRows * yCols), seed: 6);
                    var dst = DenseMatrix<double>.Allocate(rows, cols);
                    Elementwise.Binary(kernel, x, DenseMatrix<double>.Borrow(right, yRows, yCols), dst);
                    var expected = cells.Select((c, i) => kernel.Invoke(c, right[(yRows == 1 ? 0 : i / cols * yCols) + (yCols == 1 ? 0 : i % cols)]));
                    Cells.AssertSame<double>([.. expected], dst.ToArray(), $"{op.Name}: {rows}x{cols} with {yRows}x{yCols}, seeds 5 and 6");
                }
            }
    }

    [Fact]
    public void A_row_range_beside_the_same_range_of_a_column_gives_that_range_of_the_result()
    {
        var kernel = EwBinary.Kernel<long>(Op.EwMul)!;
        var x = DenseMatrix<long>.Copy(Cells.Small<long>(1000 * 5, seed: 1), 1000, 5);
        var y = DenseMatrix<long>.Copy(Cells.Small<long>(1000, seed: 2), 1000, 1);
        var whole = DenseMatrix<long>.Allocate(1000, 5);
        Elementwise.Binary(kernel, x, y, whole);
        var parts = DenseMatrix<long>.Allocate(1000, 5);
        foreach (var (first, count) in ((long, long)[])[(0, 333), (333, 1), (334, 666)])
            Elementwise.Binary(kernel, x.RowRange(first, count), y.RowRange(first, count), parts.RowRange(first, count));
        Assert.Equal(whole.ToArray(), parts.ToArray());
    }

    [Fact]
    public void The_result_may_be_the_left_operand()
    {
        var kernel = EwBinary.Kernel<double>(Op.EwDiv)!;
        double[] cells = Cells.Random<double>(3000, seed: 3), row = Cells.Random<double>(3, seed: 4);
        var x = DenseMatrix<double>.Copy(cells, 1000, 3);
        Elementwise.Binary(kernel, x, DenseMatrix<double>.Borrow(row, 1, 3), x);
        Cells.AssertSame<double>([.. cells.Select((c, i) => c / row[i % 3])], x.ToArray(), "x / row, in place, seeds 3 and 4");
        Elementwise.Unary(EwUnary.Kernel<double>(Op.EwMinus)!, x, x);
        Cells.AssertSame<double>([.. cells.Select((c, i) => -(c / row[i % 3]))], x.ToArray(), "-(x / row), in place");
    }

    [Fact]
    public void Unaligned_borrowed_memory_is_fine()
    {
        var kernel = EwBinary.Kernel<double>(Op.EwAdd)!;
        double[] memory = Cells.Random<double>(102, seed: 8);
        var x = DenseMatrix<double>.Borrow(memory.AsMemory(1, 100), 10, 10);
        var y = DenseMatrix<double>.Borrow(memory.AsMemory(2, 100), 10, 10);
        var dst = DenseMatrix<double>.Allocate(10, 10);
        Elementwise.Binary(kernel, x, y, dst);
        Cells.AssertSame<double>([.. Enumerable.Range(0, 100).Select(i => memory[i + 1] + memory[i + 2])], dst.ToArray(), "seed 8");
    }

    [Fact]
    public void Scalars_stand_on_either_side()
    {
        var kernel = EwBinary.Kernel<long>(Op.EwSub)!;
        var x = DenseMatrix<long>.Copy([1, 2, 3, 4, 5, 6], 2, 3);
        var dst = DenseMatrix<long>.Allocate(2, 3);
        Elementwise.RightScalar(kernel, x, 10, dst);
        Assert.Equal([-9, -8, -7, -6, -5, -4], dst.ToArray());
        Elementwise.LeftScalar(kernel, 10, x, dst);
        Assert.Equal([9, 8, 7, 6, 5, 4], dst.ToArray());
    }

    [Theory]
    [InlineData(2, 3, 3, 1, "a 2x3 matrix and a 3x1 one do not fit together cell by cell")]
    [InlineData(2, 3, 1, 2, "a 2x3 matrix and a 1x2 one do not fit together cell by cell")]
    [InlineData(2, 3, 1, 1, "a 2x3 matrix and a 1x1 one do not fit together cell by cell")]
    [InlineData(1, 3, 2, 3, "a 1x3 matrix and a 2x3 one do not fit together cell by cell")]
    public void Other_shapes_are_an_error_that_names_both(long xRows, long xCols, long yRows, long yCols, string message)
    {
        var x = DenseMatrix<double>.Allocate(xRows, xCols, zeroed: true);
        var y = DenseMatrix<double>.Allocate(yRows, yCols, zeroed: true);
        var error = Assert.Throws<RaisedException>(() => Elementwise.Binary(EwBinary.Kernel<double>(Op.EwAdd)!, x, y, DenseMatrix<double>.Allocate(xRows, xCols)));
        Assert.Equal((Diag.ShapesDoNotFit, message), (error.Def, error.Message));
    }

    [Fact]
    public void A_message_names_the_cell_of_the_matrix()
    {
        var x = DenseMatrix<long>.Copy([.. Enumerable.Repeat(5L, 9000)], 3000, 3);
        var y = DenseMatrix<long>.Copy([.. Enumerable.Range(0, 3000).Select(i => i == 2990 ? 0L : 1L)], 3000, 1);
        var error = Assert.Throws<RaisedException>(() => Elementwise.Binary(EwBinary.Kernel<long>(Op.EwDiv)!, x, y, x));
        Assert.Equal("5 / 0: an integer has no quotient by zero in cell [2990, 0]", error.Message);
    }
}
