using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Matrix products. The compiler has put transposes in front of them: the flags are false.</summary>
static partial class SparseSteps<T>
{
    static void AddProducts(Dictionary<OpDef, Binder> table) => table.Add(Op.MatMul, MatrixProduct);

    static Step MatrixProduct(Operation op, Emitter e)
    {
        int x = e.Either<T>(op, 0), y = e.Either<T>(op, 1), turnX = e.Flag(op, 2), turnY = e.Flag(op, 3), to = e.Object(op.Result);
        bool sparse = SparseBindings.IsSparse(op.Result.Type);
        return new Do(f =>
        {
            bool turnLeft = f.Bits[turnX] != 0, turnRight = f.Bits[turnY] != 0;
            var result = (turnLeft || turnRight ? null : Product(f.Matrix(x), f.Matrix(y), f.Context.Tasks())) ?? DenseProduct(f, f.Matrix(x), f.Matrix(y), turnLeft, turnRight);
            f.Own(to, As(f, result, sparse));
        });
    }

    static Matrix? Product(Matrix x, Matrix y, TaskRunner run) => (x, y) switch
    {
        (CsrMatrix<T> a, CsrMatrix<T> b) => SparseMatMul.Both(a, b, run),
        (CsrMatrix<T> a, DenseMatrix<T> b) => SparseMatMul.Left(a, b, run),
        (DenseMatrix<T> a, CsrMatrix<T> b) => SparseMatMul.Right(a, b, run),
        _ => null,
    };

    static DenseMatrix<T> DenseProduct(Activation f, Matrix x, Matrix y, bool turnLeft, bool turnRight)
    {
        DenseMatrix<T> left = Unpacked(f, x), right = Unpacked(f, y);
        var result = MatMul.Apply(left, right, turnLeft, turnRight, f.Context.Tasks());
        left.Release();
        right.Release();
        return result;
    }

    // In the representation that the compiler has promised.
    static Matrix As(Activation f, Matrix made, bool sparse)
    {
        if (made is CsrMatrix<T> == sparse) return made;
        Matrix result = made is CsrMatrix<T> packed ? Compression.ToDense(packed, f.Context.Tasks()) : Compression.ToSparse((DenseMatrix<T>)made, f.Context.Tasks());
        made.Release();
        return result;
    }
}
