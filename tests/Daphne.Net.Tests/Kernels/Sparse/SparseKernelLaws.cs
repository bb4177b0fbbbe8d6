using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;
using static Daphne.Net.Tests.Kernels.Sparse.SparseMatrices;

namespace Daphne.Net.Tests.Kernels.Sparse;

/// <summary>Dense = sparse, bit by bit (a float product with a column: to its roundings), for every kernel, value type, shape and share of stored cells.</summary>
public abstract class SparseKernelLaws<T> where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    static readonly double[] shares = [0, 0.02, 0.3, 1];

    static void ForAll(Action<DenseMatrix<T>, CsrMatrix<T>, int> law)
    {
        int seed = 0;
        foreach (var (rows, cols) in SparseMatrices.Shapes)
            foreach (double share in shares)
            {
                var (dense, sparse) = Pair<T>(rows, cols, share, ++seed);
                law(dense, sparse, seed);
            }
    }

    [Fact]
    public void Packing_and_unpacking_loses_nothing() => ForAll((dense, sparse, seed) => AssertSame(dense, sparse, $"seed {seed}"));

    [Fact]
    public void A_range_of_rows_is_a_matrix() => ForAll((dense, sparse, seed) =>
    {
        long first = dense.Rows / 3, count = dense.Rows / 2;
        AssertSame(dense.RowRange(first, count), sparse.RowRange(first, count), $"seed {seed}");
        AssertSame(Transpose.Apply(dense.RowRange(first, count)), SparseTranspose.Apply(sparse.RowRange(first, count)), $"seed {seed} turned");
    });

    [Fact]
    public void Cells_move_as_in_a_dense_matrix() => ForAll((dense, sparse, seed) =>
    {
        var random = new Random(seed);
        AssertSame(Transpose.Apply(dense), SparseTranspose.Apply(sparse), $"seed {seed} t");
        AssertSame(Reverse.Apply(dense), SparseStructure.Reverse(sparse), $"seed {seed} reverse");
        AssertSame(Bind.Cols(dense, dense), SparseStructure.BindCols(sparse, sparse), $"seed {seed} cbind");
        AssertSame(Bind.Rows(dense, dense), SparseStructure.BindRows(sparse, sparse), $"seed {seed} rbind");
        AssertSame(Reshape.Apply(dense, dense.Cols, dense.Rows), SparseStructure.Reshape(sparse, dense.Cols, dense.Rows), $"seed {seed} reshape");
        AssertSame(Slice.Rows(dense, dense.Rows / 4, dense.Rows), SparseStructure.SliceRows(sparse, dense.Rows / 4, dense.Rows), $"seed {seed} rows");
        AssertSame(Slice.Cols(dense, dense.Cols / 4, dense.Cols), SparseStructure.SliceCols(sparse, dense.Cols / 4, dense.Cols), $"seed {seed} columns");
        foreach (bool rows in (bool[])[true, false])
        {
            long extent = rows ? dense.Rows : dense.Cols;
            var positions = RandomMatrices.Build(extent == 0 ? 0 : 9, 1, (_, _) => random.NextInt64(-extent, extent));
            var keep = RandomMatrices.Build(extent, 1, (_, _) => random.NextInt64(2));
            AssertSame(rows ? Extract.Rows(dense, positions) : Extract.Cols(dense, positions), rows ? SparseStructure.ExtractRows(sparse, positions) : SparseStructure.ExtractCols(sparse, positions), $"seed {seed} positions");
            AssertSame(rows ? Filter.Rows(dense, keep) : Filter.Cols(dense, keep), rows ? SparseStructure.FilterRows(sparse, keep) : SparseStructure.FilterCols(sparse, keep), $"seed {seed} filter");
        }
    });

    [Fact]
    public void Square_matrices_have_the_same_parts()
    {
        for (int n = 0; n < 12; n++)
        {
            var (dense, sparse) = Pair<T>(n, n, 0.4, n);
            for (int flags = 0; flags < 8; flags++)
            {
                bool upper = (flags & 1) != 0, diagonal = (flags & 2) != 0, values = (flags & 4) != 0;
                AssertSame(Diagonal.Triangle(dense, upper, diagonal, values), SparseStructure.Triangle(sparse, upper, diagonal, values), $"n {n}, flags {flags}");
            }
            AssertSame(Diagonal.ToColumn(dense), SparseStructure.DiagonalColumn(sparse), $"n {n}");
            AssertSame(Diagonal.ToMatrix(Diagonal.ToColumn(dense)), SparseStructure.DiagonalMatrix(Diagonal.ToColumn(dense)), $"n {n}");
            Assert.Equal(Symmetry.Holds(dense), SparseStructure.IsSymmetric(sparse));
            Assert.True(SparseStructure.IsSymmetric(SparsePlus.Add(sparse, SparseTranspose.Apply(sparse))));
        }
    }

    [Fact]
    public void Cell_by_cell_is_the_same() => ForAll((dense, sparse, seed) =>
    {
        var (other, otherSparse) = Pair<T>((int)dense.Rows, (int)dense.Cols, 0.25, seed + 1000);
        var add = EwBinary.Kernel<T>(Op.EwAdd)!;
        var times = EwBinary.Kernel<T>(Op.EwMul)!;
        AssertSame(Of(add, dense, other), SparsePlus.Add(sparse, otherSparse), $"seed {seed} +");
        AssertSame(Of(EwBinary.Kernel<T>(Op.EwSub)!, dense, other), SparsePlus.Subtract(sparse, otherSparse), $"seed {seed} -");
        AssertSame(Of(times, dense, other), SparseTimes.Both(sparse, otherSparse)!, $"seed {seed} * sparse");
        AssertSame(Of(times, dense, other), SparseTimes.Dense(sparse, other)!, $"seed {seed} * dense");
        var row = SparseMatrices.Dense<T>(1, (int)dense.Cols, 0.8, seed);
        var column = SparseMatrices.Dense<T>((int)dense.Rows, 1, 0.8, seed);
        AssertSame(Of(times, dense, row), SparseTimes.Dense(sparse, row)!, $"seed {seed} * row");
        AssertSame(Of(times, dense, column), SparseTimes.Dense(sparse, column)!, $"seed {seed} * column");
        T factor = T.CreateTruncating(3);
        var scaled = DenseMatrix<T>.Allocate(dense.Rows, dense.Cols);
        Elementwise.RightScalar(times, dense, factor, scaled);
        AssertSame(scaled, SparseCells.RightScalar(times, sparse, factor), $"seed {seed} * number");
        var largest = DenseMatrix<T>.Allocate(dense.Rows, 1);
        Aggregates.Axis<T>(Op.MaxRow)!(Of(times, dense, row), largest);
        AssertSame(largest, SparseTimes.LargestOfRows(sparse, row)!, $"seed {seed} largest of rows");
    });

    [Fact]
    public void Functions_of_one_cell_are_the_same() => ForAll((dense, sparse, seed) =>
    {
        foreach (var op in SparseOps.KeepingZero)
        {
            if (EwUnary.Kernel<T>(op) is not { } kernel || op == Op.EwAsin || (op == Op.EwSqrt && T.CreateSaturating(-1) < T.Zero)) continue;
            Assert.True(T.IsZero(kernel.Invoke(T.Zero)), op.Name);
            var expected = DenseMatrix<T>.Allocate(dense.Rows, dense.Cols);
            Elementwise.Unary(kernel, dense, expected);
            AssertSame(expected, SparseCells.Unary(kernel, sparse), $"seed {seed} {op.Name}");
        }
        var cast = DenseMatrix<double>.Allocate(dense.Rows, dense.Cols);
        Casts.Apply(dense, cast);
        AssertSame(cast, SparseCells.Cast<T, double>(sparse), $"seed {seed} cast");
    });

    [Fact]
    public void Aggregates_are_the_same() => ForAll((dense, sparse, seed) =>
    {
        foreach (var op in (OpDef[])[Op.SumAll, Op.MinAll, Op.MaxAll])
            Assert.True(Daphne.Net.Tests.Kernels.Cells.Same(Aggregates.All<T>(op)!(dense), SparseAggregates.All<T>(op)!(sparse)), $"seed {seed} {op.Name}: {Aggregates.All<T>(op)!(dense)}, {SparseAggregates.All<T>(op)!(sparse)}");
        var turned = SparseTranspose.Apply(sparse);
        foreach (var op in (OpDef[])[Op.SumRow, Op.MinRow, Op.MaxRow, Op.SumCol, Op.MinCol, Op.MaxCol])
        {
            bool rows = op.Shape == ShapeRule.ColumnOfRows;
            DenseMatrix<T> expected = rows ? DenseMatrix<T>.Allocate(dense.Rows, 1) : DenseMatrix<T>.Allocate(1, dense.Cols), actual = DenseMatrix<T>.Allocate(expected.Rows, expected.Cols);
            Aggregates.Axis<T>(op)!(dense, expected);
            SparseAggregates.PerRow<T>(op)!(rows ? sparse : turned, actual, null);
            AssertSame(expected, actual, $"seed {seed} {op.Name}");
        }
        if (typeof(T) == typeof(float)) return;
        Assert.Equal(Aggregates.StatisticOfAll<T, double>(Op.MeanAll)!(dense), SparseAggregates.Mean(sparse));
        foreach (var op in (OpDef[])[Op.MeanRow, Op.MeanCol])
        {
            bool rows = op == Op.MeanRow;
            DenseMatrix<double> expected = rows ? DenseMatrix<double>.Allocate(dense.Rows, 1) : DenseMatrix<double>.Allocate(1, dense.Cols), actual = DenseMatrix<double>.Allocate(expected.Rows, expected.Cols);
            Aggregates.StatisticOfAxis<T, double>(op)!(dense, expected);
            SparseAggregates.Means(op, rows ? sparse : turned, actual, null);
            AssertSame(expected, actual, $"seed {seed} {op.Name}");
        }
    });

    [Fact]
    public void Matrix_products_are_the_same() => ForAll((dense, sparse, seed) =>
    {
        foreach (int cols in (int[])[0, 1, 3, 19])
        {
            var (right, rightSparse) = Pair<T>((int)dense.Cols, cols, 0.4, seed + 7 + cols);
            var expected = MatMul.Apply(dense, right);
            if (cols == 1) AssertClose(expected, SparseMatMul.Left(sparse, right)!, dense.Cols, $"seed {seed} sparse @ column");
            else AssertSame(expected, SparseMatMul.Left(sparse, right)!, $"seed {seed} sparse @ dense");
            AssertSame(expected, SparseMatMul.Right(dense, rightSparse)!, $"seed {seed} dense @ sparse");
            AssertSame(expected, SparseMatMul.Both(sparse, rightSparse)!, $"seed {seed} sparse @ sparse");
        }
    });

    [Fact]
    public void Tasks_change_nothing()
    {
        TaskRunner run = (count, task) => Parallel.For(0, count, task);
        var (dense, sparse) = Pair<T>(4000, 300, 0.2, 5);
        var row = SparseMatrices.Dense<T>(1, 300, 0.9, 6);
        var right = SparseMatrices.Dense<T>(300, 5, 0.9, 7);
        AssertSame(dense, Compression.ToDense(Compression.ToSparse(dense, run), run), "packing");
        AssertSame(Compression.ToDense(SparseTimes.Dense(sparse, row)!), SparseTimes.Dense(sparse, row, run)!, "* row");
        AssertSame(SparseTimes.LargestOfRows(sparse, row)!, SparseTimes.LargestOfRows(sparse, row, run)!, "largest");
        AssertSame(SparseMatMul.Left(sparse, right)!, SparseMatMul.Left(sparse, right, run)!, "@");
        var turned = SparseTranspose.Apply(sparse);
        AssertSame(Compression.ToDense(SparseMatMul.Both(turned, sparse)!), SparseMatMul.Both(turned, sparse, run)!, "sparse @ sparse");
        DenseMatrix<T> one = DenseMatrix<T>.Allocate(4000, 1), many = DenseMatrix<T>.Allocate(4000, 1);
        SparseAggregates.PerRow<T>(Op.SumRow)!(sparse, one, null);
        SparseAggregates.PerRow<T>(Op.SumRow)!(sparse, many, run);
        AssertSame(one, many, "sums of rows");
    }

    // Cells are below 2^6: a sum of so many products is off by its roundings.
    static void AssertClose(DenseMatrix<T> expected, DenseMatrix<T> actual, long terms, string what)
    {
        double rounding = typeof(T) == typeof(double) ? 1e-16 : typeof(T) == typeof(float) ? 1e-7 : 0;
        for (long i = 0; i < expected.Cells; i++)
            Assert.True(Math.Abs(double.CreateTruncating(expected.Span(i, 1)[0]) - double.CreateTruncating(actual.Span(i, 1)[0])) <= rounding * 4096 * (terms + 1), $"{what}: row {i} is {actual.Span(i, 1)[0]} instead of {expected.Span(i, 1)[0]}");
    }

    static DenseMatrix<T> Of(EwBinaryKernel<T> kernel, DenseMatrix<T> x, DenseMatrix<T> y)
    {
        var result = DenseMatrix<T>.Allocate(x.Rows, x.Cols);
        Elementwise.Binary(kernel, x, y, result);
        return result;
    }
}

public sealed class SparseDoubleLaws : SparseKernelLaws<double>;
public sealed class SparseFloatLaws : SparseKernelLaws<float>;
public sealed class SparseLongLaws : SparseKernelLaws<long>;
public sealed class SparseULongLaws : SparseKernelLaws<ulong>;
public sealed class SparseIntLaws : SparseKernelLaws<int>;
public sealed class SparseUIntLaws : SparseKernelLaws<uint>;
public sealed class SparseSByteLaws : SparseKernelLaws<sbyte>;
public sealed class SparseByteLaws : SparseKernelLaws<byte>;
