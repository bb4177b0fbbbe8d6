using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

/// <summary>What every decomposition promises, over random shapes from empty to 300, full and deficient ranks, in both precisions.</summary>
public abstract class DecompositionLaws<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    // Errors are measured in units of the rounding of the largest cell times the larger extent.
    const double Tolerance = 20;

    static readonly double epsilon = double.CreateChecked(T.BitIncrement(T.One) - T.One);

    public static TheoryData<int, int> Shapes
    {
        get
        {
            var random = new Random(20240611);
            TheoryData<int, int> shapes = new() { { 0, 0 }, { 0, 3 }, { 3, 0 }, { 1, 1 }, { 1, 7 }, { 7, 1 }, { 2, 2 }, { 33, 32 }, { 300, 300 }, { 300, 90 }, { 65, 300 } };
            for (int i = 0; i < 25; i++) shapes.Add(random.Next(41), random.Next(41));
            return shapes;
        }
    }

    public static TheoryData<int> Sizes
    {
        get
        {
            TheoryData<int> sizes = [];
            for (int n = 0; n <= 40; n++) sizes.Add(n);
            foreach (int n in new[] { 48, 49, 50, 63, 64, 65, 97, 128, 300 }) sizes.Add(n);   // from 49 on eigen works in blocks
            return sizes;
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void A_permutation_of_the_rows_is_the_product_of_two_triangles(int m, int n)
    {
        foreach (var a in Samples(m, n))
        {
            var (p, l, u) = Lu.Apply(a);
            int k = Math.Min(m, n);
            Assert.Equal((m, m, m, k, k, n), (p.Rows, p.Cols, l.Rows, l.Cols, u.Rows, u.Cols));
            AssertNear(MatMul.Apply(p, a), MatMul.Apply(l, u), a, "P @ A = L @ U");
            AssertCells(p, (_, _, x) => x == T.Zero || x == T.One);
            AssertIdentity(MatMul.Apply(p, p, turnB: true), 0);
            AssertCells(l, (i, j, x) => T.Abs(x) <= T.One && (i > j || x == (i == j ? T.One : T.Zero)));
            AssertCells(u, (i, j, x) => i <= j || x == T.Zero);
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Orthonormal_columns_times_a_triangle_are_the_matrix(int m, int n)
    {
        foreach (var a in Samples(m, n))
        {
            var (q, r) = Qr.Apply(a);
            int k = Math.Min(m, n);
            Assert.Equal((m, k, k, n), (q.Rows, q.Cols, r.Rows, r.Cols));
            AssertNear(a, MatMul.Apply(q, r), a, "A = Q @ R");
            AssertIdentity(MatMul.Apply(q, q, turnA: true), Tolerance * m * epsilon);
            AssertCells(r, (i, j, x) => i <= j || x == T.Zero);
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Singular_vectors_and_values_make_the_matrix(int m, int n)
    {
        foreach (var a in Samples(m, n))
        {
            var (u, s, v) = Svd.Apply(a);
            int k = Math.Min(m, n);
            Assert.Equal((m, k, k, 1, n, k), (u.Rows, u.Cols, s.Rows, s.Cols, v.Rows, v.Cols));
            AssertNear(a, MatMul.Apply(Scaled(u, s), v, turnB: true), a, "A = U @ diag(s) @ t(V)");
            AssertIdentity(MatMul.Apply(u, u, turnA: true), Tolerance * Math.Max(m, n) * epsilon);
            AssertIdentity(MatMul.Apply(v, v, turnA: true), Tolerance * Math.Max(m, n) * epsilon);
            AssertCells(s, (i, _, x) => x >= T.Zero && (i == 0 || x <= s[i - 1, 0]));
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Eigenvectors_are_orthonormal_and_only_stretched(int n)
    {
        foreach (var x in Samples(n, n))
        {
            var a = RandomMatrices.Build(n, n, (i, j) => x[i, j] + x[j, i]);
            var (values, vectors) = Eigen.Apply(a);
            Assert.Equal((n, 1, n, n), (values.Rows, values.Cols, vectors.Rows, vectors.Cols));
            AssertNear(MatMul.Apply(a, vectors), Scaled(vectors, values), a, "A @ V = V @ diag(w)");
            AssertIdentity(MatMul.Apply(vectors, vectors, turnA: true), Tolerance * n * epsilon);
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void A_definite_matrix_is_a_triangle_times_its_transpose(int n)
    {
        var x = RandomMatrices.Floats<T>(n, n, seed: n);
        var a = Syrk.Apply(x, turnFirst: true);
        a = RandomMatrices.Build(n, n, (i, j) => a[i, j] + (i == j ? T.One : T.Zero));
        var l = Cholesky.Apply(a);
        Assert.Equal((n, n), (l.Rows, l.Cols));
        AssertNear(a, MatMul.Apply(l, l, turnB: true), a, "A = L @ t(L)");
        AssertCells(l, (i, j, cell) => i < j ? cell == T.Zero : i > j || cell > T.Zero);
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        var a = RandomMatrices.Floats<T>(420, 400, seed: 5);
        var square = Syrk.Apply(a, turnFirst: true);
        for (int i = 0; i < 400; i++) square.WritableRow(i)[i] += T.One;
        TaskRunner apart = (count, task) => Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = 5 }, task);
        TaskRunner backwards = (count, task) =>
        {
            while (--count >= 0) task(count);
        };
        foreach (var run in new[] { apart, backwards })
        {
            Same([.. Parts(Lu.Apply(a))], [.. Parts(Lu.Apply(a, run))]);
            Same([.. Parts(Qr.Apply(a))], [.. Parts(Qr.Apply(a, run))]);
            Same([.. Parts(Svd.Apply(a))], [.. Parts(Svd.Apply(a, run))]);
            Same([.. Parts(Eigen.Apply(square))], [.. Parts(Eigen.Apply(square, run))]);
            Same([Cholesky.Apply(square)], [Cholesky.Apply(square, run)]);
        }

        static IEnumerable<DenseMatrix<T>> Parts(System.Runtime.CompilerServices.ITuple tuple) => Enumerable.Range(0, tuple.Length).Select(i => (DenseMatrix<T>)tuple[i]!);

        static void Same(DenseMatrix<T>[] expected, DenseMatrix<T>[] actual)
        {
            for (int i = 0; i < expected.Length; i++) RandomMatrices.AssertSame(expected[i], actual[i], $"part {i}");
        }
    }

    [Theory, InlineData(-1, 9), InlineData(1, 9), InlineData(-1, 60), InlineData(1, 60)]
    public void Cells_near_the_ends_of_the_range_neither_overflow_nor_vanish(int direction, int n)
    {
        T factor = T.ScaleB(T.One, direction * (typeof(T) == typeof(float) ? 118 : 1010));
        var a = RandomMatrices.Build(n, n, (i, j) => T.CreateTruncating((i * j + i + j) % 7 - 3) * factor);
        var (q, r) = Qr.Apply(a);
        AssertNear(a, MatMul.Apply(q, r), a, "A = Q @ R");
        var (u, s, v) = Svd.Apply(a);
        AssertNear(a, MatMul.Apply(Scaled(u, s), v, turnB: true), a, "A = U @ diag(s) @ t(V)");
        var (values, vectors) = Eigen.Apply(a);
        AssertNear(a, MatMul.Apply(Scaled(vectors, values), vectors, turnB: true), a, "A = V @ diag(w) @ t(V)");
    }

    // Full rank, half the rank, whole numbers with repeated rows, a diagonal with repeated values, zeros.
    static IEnumerable<DenseMatrix<T>> Samples(int m, int n)
    {
        int seed = 1000 * m + n, half = Math.Min(m, n) / 2;
        yield return RandomMatrices.Floats<T>(m, n, seed);
        yield return MatMul.Apply(RandomMatrices.Floats<T>(m, half, seed), RandomMatrices.Floats<T>(half, n, seed + 1));
        yield return RandomMatrices.Build(m, n, (i, j) => T.CreateTruncating((i / 2 * 3 + j * (i / 2 % 3)) % 5 - 2));
        yield return RandomMatrices.Build(m, n, (i, j) => i == j ? T.CreateTruncating(i % 3) : T.Zero);
        yield return DenseMatrix<T>.Allocate(m, n, zeroed: true);
    }

    static DenseMatrix<T> Scaled(DenseMatrix<T> x, DenseMatrix<T> factors) => RandomMatrices.Build(x.Rows, x.Cols, (i, j) => x[i, j] * factors[j, 0]);

    static void AssertNear(DenseMatrix<T> expected, DenseMatrix<T> actual, DenseMatrix<T> scale, string law)
    {
        double largest = 0;
        foreach (T cell in scale.ToArray()) largest = Math.Max(largest, Math.Abs(double.CreateChecked(cell)));
        double allowed = Tolerance * Math.Max(scale.Rows, scale.Cols) * epsilon * largest;
        for (long i = 0; i < expected.Rows; i++)
            for (long j = 0; j < expected.Cols; j++)
            {
                double difference = double.CreateChecked(expected[i, j]) - double.CreateChecked(actual[i, j]);
                if (!(Math.Abs(difference) <= allowed)) Assert.Fail($"{law} of a {scale.Rows}x{scale.Cols} matrix: [{i}, {j}] differs by {difference}, allowed are {allowed}");
            }
    }

    static void AssertIdentity(DenseMatrix<T> x, double allowed) => AssertCells(x, (i, j, cell) => Math.Abs(double.CreateChecked(cell) - (i == j ? 1 : 0)) <= allowed);

    static void AssertCells(DenseMatrix<T> x, Func<long, long, T, bool> holds)
    {
        for (long i = 0; i < x.Rows; i++)
            for (long j = 0; j < x.Cols; j++)
                if (!holds(i, j, x[i, j])) Assert.Fail($"[{i}, {j}] of {x.Rows}x{x.Cols} is {x[i, j]}");
    }
}

public sealed class DecompositionF64Laws : DecompositionLaws<double>;

public sealed class DecompositionF32Laws : DecompositionLaws<float>;

public sealed class DecompositionMistakesTests
{
    [Fact]
    public void Mistakes_are_named()
    {
        Assert.Equal("eigen needs a symmetric matrix, but in this 2x2 one cell [1, 0] is 3 and its mirror image 2", Message(() => Eigen.Apply(Of(2, 1, 2, 3, 4))));
        Assert.Equal("cholesky needs a symmetric matrix, but in this 2x2 one cell [1, 0] is 3 and its mirror image 2", Message(() => Cholesky.Apply(Of(2, 1, 2, 3, 4))));
        Assert.Equal("cholesky: the 2x2 matrix is not positive definite, pivot 1 is -3", Message(() => Cholesky.Apply(Of(2, 1, 2, 2, 1))));
        Assert.Equal("eigen needs a square matrix, but it is 1x2", Message(() => Eigen.Apply(Of(1, 1, 2))));
        Assert.Equal("cholesky needs a square matrix, but it is 1x2", Message(() => Cholesky.Apply(Of(1, 1, 2))));
        Assert.Equal("eigen: the 1x1 matrix holds nan or inf", Message(() => Eigen.Apply(Of(1, double.NaN))));
        Assert.Equal("svd: the 1x2 matrix holds nan or inf", Message(() => Svd.Apply(Of(1, 1, double.PositiveInfinity))));
    }

    [Fact]
    public void What_is_not_a_number_goes_through_the_others()
    {
        Assert.True(double.IsNaN(Lu.Apply(Of(1, double.NaN)).U[0, 0]));
        Assert.True(double.IsNaN(Qr.Apply(Of(2, double.NaN, 1, 2, 3)).R[0, 0]));
        Assert.Equal("cholesky: the 1x1 matrix is not positive definite, pivot 0 is nan", Message(() => Cholesky.Apply(Of(1, double.NaN))));
    }

    static DenseMatrix<double> Of(int rows, params double[] cells) => DenseMatrix<double>.Copy(cells, rows, cells.Length / rows);

    static string Message(Action action) => Assert.Throws<RaisedException>(action).Message;
}
