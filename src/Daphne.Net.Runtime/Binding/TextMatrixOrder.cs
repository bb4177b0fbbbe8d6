using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Rows of strings in order, and whether they are the columns too.</summary>
static class TextMatrixOrder
{
    public static Step Sorted(Operation op, Emitter e)
    {
        int x = e.Object(op.Operands[0]), to = e.Object(op.Result), positions = e.Flag(op, op.Operands.Count - 1);
        var by = OrderBindings.Columns(op, e);
        return new Do(f =>
        {
            var source = (StringMatrix)f.Matrix(x);
            var order = Order.Positions(source, by(f));
            f.Own(to, f.Bits[positions] != 0 ? order : Rows(source, order));
        });
    }

    public static Step Symmetric(Operation op, Emitter e)
    {
        int x = e.Object(op.Operands[0]), to = e.Number(op.Result);
        return new Do(f =>
        {
            var source = (StringMatrix)f.Matrix(x);
            if (source.Rows != source.Cols) throw Diag.NotSquare.Raise("isSymmetric", $"{source.Rows}x{source.Cols}");
            bool holds = true;
            for (long r = 0; holds && r < source.Rows; r++)
                for (long c = 0; holds && c < r; c++) holds = source[r, c] == source[c, r];
            f.Bits[to] = holds ? 1UL : 0UL;
        });
    }

    static StringMatrix Rows(StringMatrix source, DenseMatrix<ulong> order)
    {
        var result = StringMatrix.Allocate(source.Rows, source.Cols, out var cells);
        int cols = checked((int)source.Cols);
        for (int r = 0; r < source.Rows; r++) source.Span.Slice((int)order[r, 0] * cols, cols).CopyTo(cells.Slice(r * cols, cols));
        order.Release();
        return result;
    }
}
