using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Cell by cell. Where zeros do not stay zero (zero times infinity) or shapes are stretched, the dense kernel computes and zeros are left out behind it.</summary>
static partial class SparseSteps<T>
{
    static void AddCells(Dictionary<OpDef, Binder> table)
    {
        foreach (var op in SparseOps.KeepingZero) table.Add(op, OfOne);
        table.Add(Op.EwMul, Times);
        table.Add(Op.EwAdd, (op, e) => OfTwo(op, e, static (x, y) => SparsePlus.Add(x, y)));
        table.Add(Op.EwSub, (op, e) => OfTwo(op, e, static (x, y) => SparsePlus.Subtract(x, y)));
        table.Add(Op.MaxRowTimes, LargestOfProduct);
    }

    static Step OfOne(Operation op, Emitter e)
    {
        var kernel = EwUnary.Kernel<T>(op.Def) ?? throw NoKernel(op);
        int x = e.Sparse<T>(op, 0), to = e.Object(op.Result);
        return new Do(f => f.Own(to, SparseCells.Unary(kernel, f.Sparse<T>(x), f.Context.Tasks())));
    }

    static Step Times(Operation op, Emitter e)
    {
        if (op.Operands[1].Type is ScalarType) return Scaled(op, e, 0, 1);
        if (op.Operands[0].Type is ScalarType) return Scaled(op, e, 1, 0);
        var kernel = EwBinary.Kernel<T>(Op.EwMul) ?? throw NoKernel(op);
        int x = e.Either<T>(op, 0), y = e.Either<T>(op, 1), to = e.Object(op.Result);
        return new Do(f => f.Own(to, Product(f, f.Matrix(x), f.Matrix(y)) ?? Packed(f, kernel, f.Matrix(x), f.Matrix(y))));
    }

    static CsrMatrix<T>? Product(Activation f, Matrix x, Matrix y) => (x, y) switch
    {
        (CsrMatrix<T> a, CsrMatrix<T> b) when SameShape(a, b) => SparseTimes.Both(a, b),
        (CsrMatrix<T> a, DenseMatrix<T> b) when SameShape(a, b) || (b.Rows == 1 && b.Cols == a.Cols) || (b.Cols == 1 && b.Rows == a.Rows) => SparseTimes.Dense(a, b, f.Context.Tasks()),
        (DenseMatrix<T> a, CsrMatrix<T> b) when SameShape(a, b) => SparseTimes.Dense(b, a, f.Context.Tasks()),
        _ => null,
    };

    static Step Scaled(Operation op, Emitter e, int matrix, int number)
    {
        var kernel = EwBinary.Kernel<T>(Op.EwMul) ?? throw NoKernel(op);
        int x = e.Sparse<T>(op, matrix), y = e.Number<T>(op, number), to = e.Object(op.Result);
        return new Do(f =>
        {
            var source = f.Sparse<T>(x);
            T factor = f.Scalar<T>(y);
            if (T.IsFinite(factor))
            {
                f.Own(to, SparseCells.RightScalar(kernel, source, factor, f.Context.Tasks()));
                return;
            }
            var dense = Compression.ToDense(source, f.Context.Tasks());
            Elementwise.RightScalar(kernel, dense, factor, dense);
            f.Own(to, Compression.ToSparse(dense, f.Context.Tasks()));
            dense.Release();
        });
    }

    static Step OfTwo(Operation op, Emitter e, Func<CsrMatrix<T>, CsrMatrix<T>, CsrMatrix<T>> sparse)
    {
        var kernel = EwBinary.Kernel<T>(op.Def) ?? throw NoKernel(op);
        int x = e.Sparse<T>(op, 0), y = e.Sparse<T>(op, 1), to = e.Object(op.Result);
        return new Do(f =>
        {
            CsrMatrix<T> left = f.Sparse<T>(x), right = f.Sparse<T>(y);
            f.Own(to, SameShape(left, right) ? sparse(left, right) : Packed(f, kernel, left, right));
        });
    }

    static Step LargestOfProduct(Operation op, Emitter e)
    {
        var kernel = EwBinary.Kernel<T>(Op.EwMul) ?? throw NoKernel(op);
        var largest = Aggregates.Axis<T>(Op.MaxRow) ?? throw NoKernel(op);
        int x = e.Sparse<T>(op, 0), y = e.Dense<T>(op, 1), to = e.Object(op.Result);
        return new Do(f =>
        {
            var (matrix, row) = (f.Sparse<T>(x), f.Dense<T>(y));
            if (row.Rows == 1 && row.Cols == matrix.Cols && SparseTimes.LargestOfRows(matrix, row, f.Context.Tasks()) is { } result)
            {
                f.Own(to, result);
                return;
            }
            var product = Dense(f, kernel, matrix, row);
            var target = DenseMatrix<T>.Allocate(product.Rows, 1);
            f.Own(to, target);
            largest(product, target);
            product.Release();
        });
    }

    static CsrMatrix<T> Packed(Activation f, EwBinaryKernel<T> kernel, Matrix x, Matrix y)
    {
        var result = Dense(f, kernel, x, y);
        var packed = Compression.ToSparse(result, f.Context.Tasks());
        result.Release();
        return packed;
    }

    static DenseMatrix<T> Dense(Activation f, EwBinaryKernel<T> kernel, Matrix x, Matrix y)
    {
        DenseMatrix<T> left = Unpacked(f, x), right = Unpacked(f, y);
        var result = DenseMatrix<T>.Allocate(left.Rows, left.Cols);
        Elementwise.Binary(kernel, left, right, result);
        left.Release();
        right.Release();
        return result;
    }

    // One more owner for what is dense already.
    static DenseMatrix<T> Unpacked(Activation f, Matrix x)
    {
        if (x is CsrMatrix<T> sparse) return Compression.ToDense(sparse, f.Context.Tasks());
        x.Retain();
        return (DenseMatrix<T>)x;
    }

    static bool SameShape(Matrix x, Matrix y) => x.Rows == y.Rows && x.Cols == y.Cols;

    static RaisedException NoKernel(Operation op) => Diag.NotThisTypeYet.Raise(op.Def.ScriptName, ValueTypes.Of<T>().DslName());
}
