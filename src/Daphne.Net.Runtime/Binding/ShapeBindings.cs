using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Facts about matrices. Where no cell is looked at, a matrix that lies elsewhere stays there.</summary>
static class ShapeBindings
{
    public static Binding[] Rows =>
    [
        new(Op.NumRows, (op, e) => Extent(op, e, static m => m.Rows)),
        new(Op.NumCols, (op, e) => Extent(op, e, static m => m.Cols)),
        new(Op.NumCells, (op, e) => Extent(op, e, static m => m.Cells)),
        new(Op.Sparsity, Share),
    ];

    static Step Extent(Operation op, Emitter e, Func<Matrix, long> of)
    {
        int x = e.Object(op.Operands[0]), to = e.Number(op.Result);
        return new Do(f => f.Bits[to] = (ulong)of((Matrix)f.Objects[x]!));
    }

    static Step Share(Operation op, Emitter e)
    {
        int x = e.Object(op.Operands[0]), to = e.Number(op.Result);
        return new Do(f => f.SetScalar(to, DenseMatrix.Dispatch<NonZero, double>(f.Matrix(x), default)));
    }

    readonly struct NonZero : IMatrixVisitor<double>
    {
        public double Visit<T>(DenseMatrix<T> matrix) where T : unmanaged
        {
            long count = 0;
            foreach (var (start, length) in matrix.Chunks())
                foreach (T cell in matrix.Span(start, length))
                    if (!EqualityComparer<T>.Default.Equals(cell, default)) count++;
            return (double)count / matrix.Cells;
        }
    }
}
