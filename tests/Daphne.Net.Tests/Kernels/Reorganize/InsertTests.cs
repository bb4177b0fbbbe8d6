using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed unsafe class InsertTests
{
    static DenseMatrix<double> Target => RandomMatrices.Build(4, 3, (r, c) => (double)(r * 10 + c));

    [Theory, InlineData(true), InlineData(false)]
    public void Ranges_are_replaced(bool mayOverwrite)
    {
        for (int lower = 0; lower < 4; lower++)
            for (int upper = lower; upper <= 4; upper++)
            {
                var source = RandomMatrices.Build(upper - lower, 3, (r, c) => -1.0 - r * 10 - c);
                var expected = RandomMatrices.Build(4, 3, (r, c) => r >= lower && r < upper ? source[r - lower, c] : Target[r, c]);
                RandomMatrices.AssertSame(expected, Insert.Rows(Target, source, lower, upper, mayOverwrite), $"rows {lower}:{upper}");
            }
        for (int lower = 0; lower < 3; lower++)
            for (int upper = lower; upper <= 3; upper++)
            {
                var source = RandomMatrices.Build(4, upper - lower, (r, c) => -1.0 - r * 10 - c);
                var expected = RandomMatrices.Build(4, 3, (r, c) => c >= lower && c < upper ? source[r, c - lower] : Target[r, c]);
                RandomMatrices.AssertSame(expected, Insert.Cols(Target, source, lower, upper, mayOverwrite), $"columns {lower}:{upper}");
            }
    }

    [Fact]
    public void An_unshared_target_is_overwritten_only_if_allowed()
    {
        var (target, row) = (Target, DenseMatrix<double>.Copy([7, 8, 9], 1, 3));
        var copy = Insert.Rows(target, row, 0, 1, mayOverwrite: false);
        Assert.NotSame(target, copy);
        RandomMatrices.AssertSame(Target, target, "the target");
        Assert.Same(target, Insert.Rows(target, row, 0, 1, mayOverwrite: true));
        Assert.Equal(2, target.Owners);
        RandomMatrices.AssertSame(copy, target, "the overwritten target");
    }

    [Fact]
    public void Whoever_shares_the_target_does_not_see_the_change()
    {
        var row = DenseMatrix<double>.Copy([7, 8, 9], 1, 3);
        var retained = Target;
        retained.Retain();
        var viewed = Target;
        var view = viewed.RowRange(0, 2);
        double[] cells = [.. Enumerable.Range(0, 12).Select(i => (double)(i / 3 * 10 + i % 3))];
        var borrowed = DenseMatrix<double>.Borrow(cells, 4, 3);
        foreach (var target in new[] { retained, viewed, borrowed })
        {
            Assert.NotSame(target, Insert.Rows(target, row, 0, 1, mayOverwrite: true));
            Assert.NotSame(target, Insert.Cols(target, RandomMatrices.Build(4, 1, (r, _) => -1.0 - r), -1, 0, mayOverwrite: true));
            RandomMatrices.AssertSame(Target, target, "a shared target");
        }
        RandomMatrices.AssertSame(Target.RowRange(0, 2), view, "the view");
        GC.KeepAlive(view);
    }

    [Fact]
    public void A_matrix_can_be_inserted_into_itself()
    {
        var x = Target;
        RandomMatrices.AssertSame(Target, Insert.Rows(x, x, 0, 4, mayOverwrite: true), "rows");
        RandomMatrices.AssertSame(Target, Insert.Cols(x, x, 0, 3, mayOverwrite: true), "columns");
    }

    [Fact]
    public void Other_shapes_are_named()
    {
        Assert.Equal("the row range 0:1 of a 4x3 matrix takes a 1x3 matrix, not a 1x1 one",
            Assert.Throws<RaisedException>(() => Insert.Rows(Target, DenseMatrix<double>.Copy([1], 1, 1), 0, 1, false)).Message);
        Assert.Equal("the column range 1:3 of a 4x3 matrix takes a 4x2 matrix, not a 2x4 one",
            Assert.Throws<RaisedException>(() => Insert.Cols(Target, DenseMatrix<double>.Copy(new double[8], 2, 4), 1, 3, false)).Message);
        Assert.Equal("row range 4:5 is out of bounds: there are 4",
            Assert.Throws<RaisedException>(() => Insert.Rows(Target, DenseMatrix<double>.Copy([1, 2, 3], 1, 3), 4, 5, false)).Message);
    }
}
