using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class SolveTests
{
    [Fact]
    public void The_recorded_systems_have_their_solutions()
    {
        Check([2, 0, 0, 4], [2, 2], [1, 0.5]);
        Check([2, 1, 1, 3], [3, 5], [0.8, 1.4]);
        Check([1, 2, 3, 4], [5, 11], [1, 2]);
        Check([4], [2], [0.5]);
        Check([0, 1, 1, 0], [3, 7], [7, 3]);

        static void Check(double[] a, double[] b, double[] x)
        {
            var solved = Solve.Apply(DenseMatrix<double>.Copy(a, b.Length, b.Length), DenseMatrix<double>.Copy(b, b.Length, 1));
            for (int i = 0; i < x.Length; i++) Assert.Equal(x[i], solved[i, 0], 1e-15);
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(7), InlineData(63), InlineData(64), InlineData(65), InlineData(130), InlineData(200)]
    public void The_chosen_solution_comes_back(int n)
    {
        foreach (int m in new[] { 0, 1, 3, 17 })
        {
            var a = RandomMatrices.Build(n, n, (i, j) => (i == j ? 4.0 : 0.0) + Cell(i, j, n));
            var x = RandomMatrices.Whole<double>(n, m, seed: n);
            var b = ExactProduct(a, x);
            var solved = Solve.Apply(a, b);
            Assert.Equal((x.Rows, x.Cols), (solved.Rows, solved.Cols));
            for (long i = 0; i < n; i++)
                for (long j = 0; j < m; j++) Assert.Equal(x[i, j], solved[i, j], 1e-9);
        }

        // A pseudo-random cell in [-1, 1] scaled with n, so that every size is well-conditioned but needs row exchanges now and then.
        static double Cell(long i, long j, int n) => ((i * 7919 + j * 104729 + i * j * 31) % 2001 - 1000) / 1000.0 * 8 / Math.Sqrt(n);
    }

    // Decimal keeps 28 digits: the right side is the correctly rounded one.
    static DenseMatrix<double> ExactProduct(DenseMatrix<double> a, DenseMatrix<double> x) => RandomMatrices.Build(a.Rows, x.Cols, (i, j) =>
    {
        decimal sum = 0;
        for (long k = 0; k < a.Cols; k++) sum += (decimal)a[i, k] * (decimal)x[k, j];
        return (double)sum;
    });

    [Fact]
    public void Small_pivots_are_exchanged_away()
    {
        var solved = Solve.Apply(DenseMatrix<double>.Copy([1e-20, 1, 1, 1], 2, 2), DenseMatrix<double>.Copy([1, 2], 2, 1));
        Assert.Equal([1.0, 1.0], solved.ToArray());
    }

    [Fact]
    public void Single_precision_is_solved_in_single_precision()
    {
        var solved = Solve.Apply(DenseMatrix<float>.Copy([2, 0, 0, 4], 2, 2), DenseMatrix<float>.Copy([2, 2], 2, 1));
        Assert.Equal([1f, 0.5f], solved.ToArray());
    }

    [Fact]
    public void Operands_are_left_as_they_are()
    {
        var a = DenseMatrix<double>.Copy([0, 1, 2, 3], 2, 2);
        var b = DenseMatrix<double>.Copy([4, 5], 2, 1);
        Solve.Apply(a, b);
        Assert.Equal([0.0, 1, 2, 3], a.ToArray());
        Assert.Equal([4.0, 5], b.ToArray());
    }

    [Fact]
    public void Mistakes_are_named()
    {
        Assert.Equal("solve: the 2x2 matrix is singular, pivot 1 is zero", Message(() => Apply(2, 2, [1, 2, 2, 4], 2)));
        Assert.Equal("solve needs a square matrix, but it is 2x3", Message(() => Apply(2, 3, [1, 2, 2, 4, 5, 6], 2)));
        Assert.Equal("solve needs as many rows on the right as on the left, but the operands are 2x2 and 3x1", Message(() => Apply(2, 2, [1, 2, 2, 5], 3)));

        static void Apply(int rows, int cols, double[] a, int right) => Solve.Apply(DenseMatrix<double>.Copy(a, rows, cols), DenseMatrix<double>.Copy(new double[right], right, 1));
        static string Message(Action action) => Assert.Throws<RaisedException>(action).Message;
    }

    [Fact]
    public void No_equations_have_an_empty_solution()
    {
        var x = Solve.Apply(DenseMatrix<double>.Allocate(0, 0), DenseMatrix<double>.Allocate(0, 4));
        Assert.Equal((0, 4), (x.Rows, x.Cols));
    }
}
