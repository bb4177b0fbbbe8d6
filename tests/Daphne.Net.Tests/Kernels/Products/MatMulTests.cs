using System.Numerics;
using System.Runtime.Intrinsics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed unsafe class MatMulTests
{
    public static TheoryData<bool, bool> Turns => new() { { false, false }, { true, false }, { false, true }, { true, true } };

    // Beyond one block, one strip, one panel; odd everywhere.
    static readonly (int M, int N, int K)[] large = [(63, 65, 67), (1, 33, 300), (33, 1, 300), (9, 25, 257), (17, 50, 2049), (5, 3, 4099), (200, 7, 20), (8, 24, 256), (196, 49, 31)];

    [Theory, MemberData(nameof(Turns))]
    public void Small_products_follow_the_law(bool turnA, bool turnB)
    {
        for (int m = 0; m <= 17; m++)
            for (int n = 0; n <= 17; n++)
                for (int k = 0; k <= 17; k += k < 4 ? 1 : 3) Check<double>(m, n, k, turnA, turnB);
    }

    [Theory, MemberData(nameof(Turns))]
    public void Large_products_follow_the_law(bool turnA, bool turnB)
    {
        foreach (var (m, n, k) in large)
        {
            Check<double>(m, n, k, turnA, turnB);
            Check<float>(m, n, k, turnA, turnB);
        }
    }

    static void Check<T>(int m, int n, int k, bool turnA, bool turnB) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int seed = m * 10007 + n * 101 + k;
        var a = turnA ? RandomMatrices.Floats<T>(k, m, seed) : RandomMatrices.Floats<T>(m, k, seed);
        var b = turnB ? RandomMatrices.Floats<T>(n, k, seed + 1) : RandomMatrices.Floats<T>(k, n, seed + 1);
        RandomMatrices.AssertSame(ProductLaw.Product(a, b, turnA, turnB), MatMul.Apply(a, b, turnA, turnB),
            $"{typeof(T).Name} {m}x{k} @ {k}x{n}, turned {turnA} {turnB}, seed {seed}");
    }

    [Fact]
    public void Every_register_width_gives_the_same_bits()
    {
        foreach (var (m, n, k) in large)
        {
            var a = RandomMatrices.Floats<double>(m, k, seed: m);
            var b = RandomMatrices.Floats<double>(k, n, seed: n);
            var expected = ProductLaw.Product(a, b, false, false);
            Run<Vector128<double>, Lanes128<double>>("128");
            Run<Vector256<double>, Lanes256<double>>("256");
            Run<Vector512<double>, Lanes512<double>>("512");

            void Run<V, L>(string width) where V : struct where L : ILanes<double, V>
            {
                var c = DenseMatrix<double>.Allocate(m, n);
                MatMul.Floats<double, V, L>(Operand<double>.Of(a, false), Operand<double>.Of(b, false), c.Cell0, n, m, n, k);
                RandomMatrices.AssertSame(expected, c, $"{width} bits, {m}x{k} @ {k}x{n}");
            }
        }
    }

    [Theory, MemberData(nameof(Turns))]
    public void Any_split_by_rows_is_one_piece(bool turnA, bool turnB)
    {
        var random = new Random(5);
        foreach (var (m, n, k) in large)
        {
            var a = turnA ? RandomMatrices.Floats<double>(k, m, 1) : RandomMatrices.Floats<double>(m, k, 1);
            var b = turnB ? RandomMatrices.Floats<double>(n, k, 2) : RandomMatrices.Floats<double>(k, n, 2);
            var pieces = MatMul.AllocateResult(a, b, turnA, turnB);
            for (long first = 0, count; first < m; first += count)
            {
                count = random.NextInt64(1, m - first + 1);
                MatMul.Rows(a, b, turnA, turnB, pieces, first, count);
            }
            RandomMatrices.AssertSame(MatMul.Apply(a, b, turnA, turnB), pieces, $"{m}x{k} @ {k}x{n}, split with seed 5");
        }
    }

    [Theory, MemberData(nameof(Turns))]
    public void Integers_wrap(bool turnA, bool turnB)
    {
        Integers<long>(turnA, turnB);
        Integers<ulong>(turnA, turnB);
        Integers<int>(turnA, turnB);
        Integers<uint>(turnA, turnB);
        Integers<sbyte>(turnA, turnB);
        Integers<byte>(turnA, turnB);
    }

    static void Integers<T>(bool turnA, bool turnB) where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        foreach (var (m, n, k) in new[] { (0, 3, 2), (3, 0, 2), (3, 2, 0), (1, 1, 1), (5, 7, 3), (17, 33, 65), (3, 515, 130) })
        {
            var a = turnA ? RandomMatrices.Whole<T>(k, m, 1) : RandomMatrices.Whole<T>(m, k, 1);
            var b = turnB ? RandomMatrices.Whole<T>(n, k, 2) : RandomMatrices.Whole<T>(k, n, 2);
            if (a.Cells > 0) a.WritableSpan(0, 1)[0] = T.MaxValue;
            if (b.Cells > 0) b.WritableSpan(0, 1)[0] = T.MaxValue;
            var expected = RandomMatrices.Build(m, n, (i, j) =>
            {
                T sum = T.Zero;
                for (long p = 0; p < k; p++) sum = unchecked(sum + (turnA ? a[p, i] : a[i, p]) * (turnB ? b[j, p] : b[p, j]));
                return sum;
            });
            RandomMatrices.AssertSame(expected, MatMul.Apply(a, b, turnA, turnB), $"{typeof(T).Name} {m}x{k} @ {k}x{n}, turned {turnA} {turnB}");
        }
    }

    [Fact]
    public void Inner_dimensions_that_differ_are_named_as_they_are_multiplied()
    {
        var e = Assert.Throws<RaisedException>(() => MatMul.Apply(RandomMatrices.Whole<long>(2, 3, 1), RandomMatrices.Whole<long>(2, 3, 1)));
        Assert.Equal("'@' needs matching inner dimensions, but the operands are 2x3 and 2x3", e.Message);
        e = Assert.Throws<RaisedException>(() => MatMul.Apply(RandomMatrices.Whole<long>(2, 3, 1), RandomMatrices.Whole<long>(4, 3, 1), turnA: true, turnB: true));
        Assert.Equal("'@' needs matching inner dimensions, but the operands are 3x2 and 3x4", e.Message);
    }

    [Fact]
    public void A_product_with_its_own_transpose_is_exactly_symmetric_and_that_of_syrk()
    {
        foreach (var (rows, cols) in new[] { (0, 0), (0, 5), (5, 0), (1, 1), (7, 3), (3, 7), (2100, 50), (300, 63), (40, 513) })
        {
            var x = RandomMatrices.Floats<double>(rows, cols, seed: rows + cols);
            foreach (bool turnFirst in new[] { true, false })
            {
                var product = MatMul.Apply(x, x, turnFirst, !turnFirst);
                Assert.True(Symmetry.Holds(product));
                RandomMatrices.AssertSame(product, Syrk.Apply(x, turnFirst), $"syrk of {rows}x{cols}, t(x) first {turnFirst}");
            }
        }
    }

    [Fact]
    public void Products_with_the_own_transpose_in_several_blocks_are_those_of_the_general_product()
    {
        Check<double>(2100, 3);
        Check<float>(2100, 3);
        Check<float>(70, 4099);

        static void Check<T>(int n, int k) where T : unmanaged, IFloatingPointIeee754<T>
        {
            var x = RandomMatrices.Floats<T>(n, k, seed: n);
            var expected = MatMul.Apply(x, x, turnB: true);
            RandomMatrices.AssertSame(expected, Syrk.Apply(x, turnFirst: false), $"syrk of {n}x{k}");
            RandomMatrices.AssertSame(expected, Syrk.Apply(Transpose.Apply(x), turnFirst: true), $"syrk of t({n}x{k})");
            if (typeof(T) != typeof(float)) return;
            var narrow = DenseMatrix<T>.Copy(expected.ToArray(), n, n);
            SelfProduct.Upper<T, Vector256<T>, Lanes256<T>>(Operand<T>.Of(x, false), narrow.Cell0, n, k, 0, n);
            for (long i = 0; i < n; i++)
                for (long j = i; j < n; j++)
                    if (narrow.Cell0[i * n + j] != expected.Cell0[i * n + j]) Assert.Fail($"syrk of {n}x{k} in 256 bits: cell [{i}, {j}]");
        }
    }

    [Fact]
    public void Strips_of_rows_added_in_order_are_one_piece()
    {
        var x = RandomMatrices.Floats<double>(2 * RowStrips.Rows + 77, 5, seed: 3);
        var y = RandomMatrices.Floats<double>(x.Rows, 1, seed: 4);
        DenseMatrix<double>? square = null, column = null;
        for (long first = 0; first < x.Rows; first += RowStrips.Rows)
        {
            long count = Math.Min(RowStrips.Rows, x.Rows - first);
            var (part, partY) = (x.RowRange(first, count), y.RowRange(first, count));
            square = Plus(square, Syrk.Apply(part, turnFirst: true));
            column = Plus(column, Gemv.Apply(part, partY));
        }
        RandomMatrices.AssertSame(Syrk.Apply(x, turnFirst: true), square!, "t(x) @ x");
        RandomMatrices.AssertSame(Gemv.Apply(x, y), column!, "t(x) @ y");

        static DenseMatrix<double> Plus(DenseMatrix<double>? sum, DenseMatrix<double> part) =>
            sum is null ? part : RandomMatrices.Build(part.Rows, part.Cols, (i, j) => sum[i, j] + part[i, j]);
    }

    [Fact]
    public void Tasks_change_no_bit()
    {
        foreach (var (m, n, k) in new[] { (300, 300, 300), (5, 700, 5000), (2000, 9, 1000), (1, 1000, 2000), (3000, 1, 600), (130, 131, 1100) })
        {
            var (a, b) = (RandomMatrices.Floats<double>(m, k, seed: 4), RandomMatrices.Floats<double>(k, n, seed: 5));
            int tasks = 0;
            var inTasks = MatMul.Apply(a, b, run: (count, task) =>
            {
                for (int i = count - 1; i >= 0; i--) task(i);
                tasks += count;
            });
            RandomMatrices.AssertSame(MatMul.Apply(a, b), inTasks, $"{m}x{k} @ {k}x{n}");
            Assert.True(tasks > 1, $"{m}x{k} @ {k}x{n} ran in one piece");
        }
        Check(RandomMatrices.Floats<double>(3 * RowStrips.Rows + 5, 100, seed: 6));
        Check(RandomMatrices.Floats<float>(2 * RowStrips.Rows, 130, seed: 7));
        Check(RandomMatrices.Floats<double>(60, 700, seed: 8));
        Check(RandomMatrices.Whole<long>(3 * RowStrips.Rows + 5, 180, seed: 9));

        static void Check<T>(DenseMatrix<T> x) where T : unmanaged, INumber<T>
        {
            int tasks = 0;
            TaskRunner backwards = (count, task) =>
            {
                for (int i = count - 1; i >= 0; i--) task(i);
                tasks += count;
            };
            RandomMatrices.AssertSame(Syrk.Apply(x, turnFirst: true), Syrk.Apply(x, turnFirst: true, backwards), $"t(x) @ x of {x.Rows}x{x.Cols}");
            var y = x.Cols == 700 ? x : RandomMatrices.Whole<T>(x.Rows, 1, seed: 1);
            if (y != x) RandomMatrices.AssertSame(Gemv.Apply(x, y), Gemv.Apply(x, y, backwards), $"t(x) @ y of {x.Rows}x{x.Cols}");
            Assert.True(tasks > 0 || x.Cells < 1 << 20, $"{x.Rows}x{x.Cols} ran in one piece");
        }
    }
}
