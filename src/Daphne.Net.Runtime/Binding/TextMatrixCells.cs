using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Joining and comparing cell by cell where a matrix of strings takes part; numbers become what they add to a string.</summary>
static class TextMatrixCells
{
    public static Step Bind(Operation op, Emitter e)
    {
        Func<Activation, Cells> x = CellsOf(op, e, 0), y = CellsOf(op, e, 1);
        int to = e.Object(op.Result);
        if (op.Def == Op.EwAdd || op.Def == Op.EwConcat)
            return new Do(f =>
            {
                Cells left = x(f), right = y(f);
                var shape = Shape(left, right);
                var result = StringMatrix.Allocate(shape.Rows, shape.Cols, out var cells);
                for (int i = 0; i < cells.Length; i++) cells[i] = left[i] + right[i];
                f.Own(to, result);
            });
        var holds = TextSteps.Comparison(op.Def);
        return new Do(f =>
        {
            Cells left = x(f), right = y(f);
            var shape = Shape(left, right);
            var result = DenseMatrix<long>.Allocate(shape.Rows, shape.Cols);
            f.Own(to, result);
            var cells = result.WritableSpan(0, (int)result.Cells);
            for (int i = 0; i < cells.Length; i++) cells[i] = holds(TextOrder.Compare(left[i], right[i])) ? 1 : 0;
        });
    }

    /// <summary>One string after the other.</summary>
    public static Step Each(Operation op, Emitter e)
    {
        var function = TextSteps.Function(op.Def);
        int x = e.Object(op.Operands[0]), to = e.Object(op.Result);
        return new Do(f =>
        {
            var source = (StringMatrix)f.Matrix(x);
            var result = StringMatrix.Allocate(source.Rows, source.Cols, out var cells);
            for (int i = 0; i < cells.Length; i++) cells[i] = function(source.Span[i]);
            f.Own(to, result);
        });
    }

    /// <summary>Each string of a column with each string of a row.</summary>
    public static Step Outer(Operation op, Emitter e)
    {
        int x = e.Object(op.Operands[0]), y = e.Object(op.Operands[1]), to = e.Object(op.Result);
        if (op.Def == Op.OuterConcat)
            return new Do(f =>
            {
                var (column, row) = ColumnAndRow(f, x, y);
                var result = StringMatrix.Allocate(column.Rows, row.Cols, out var cells);
                for (int i = 0; i < cells.Length; i++) cells[i] = column.Span[i / (int)row.Cols] + row.Span[i % (int)row.Cols];
                f.Own(to, result);
            });
        var holds = TextSteps.Comparison(op.Def);
        return new Do(f =>
        {
            var (column, row) = ColumnAndRow(f, x, y);
            var result = DenseMatrix<long>.Allocate(column.Rows, row.Cols);
            f.Own(to, result);
            for (long r = 0; r < column.Rows; r++)
            {
                var cells = result.WritableRow(r);
                for (int c = 0; c < cells.Length; c++) cells[c] = holds(TextOrder.Compare(column[r, 0], row[0, c])) ? 1 : 0;
            }
        });
    }

    static (StringMatrix Column, StringMatrix Row) ColumnAndRow(Activation f, int x, int y)
    {
        var (column, row) = (Strings(f.Matrix(x)), Strings(f.Matrix(y)));
        return column.Cols == 1 && row.Rows == 1 ? (column, row) : throw Diag.NotColumnAndRow.Raise($"{column.Rows}x{column.Cols}", $"{row.Rows}x{row.Cols}");
    }

    /// <summary>The matrix as strings: itself, or what its numbers add to a string.</summary>
    public static StringMatrix Strings(Matrix matrix) => matrix as StringMatrix ?? DenseMatrix.Dispatch<Texts, StringMatrix>(matrix, default);

    static Func<Activation, Cells> CellsOf(Operation op, Emitter e, int operand)
    {
        if (op.Operands[operand].Type is ScalarType)
        {
            int text = e.Text(op, operand);
            return f => new(null, f.Text(text));
        }
        int matrix = e.Object(op.Operands[operand]);
        return f => new(Strings(f.Matrix(matrix)), "");
    }

    static StringMatrix Shape(Cells x, Cells y)
    {
        if (x.Matrix is { } a && y.Matrix is { } b && (a.Rows != b.Rows || a.Cols != b.Cols)) throw Diag.ShapesDoNotFit.Raise($"{a.Rows}x{a.Cols}", $"{b.Rows}x{b.Cols}");
        return x.Matrix ?? y.Matrix!;
    }

    readonly record struct Cells(StringMatrix? Matrix, string Value)
    {
        public string this[int i] => Matrix is null ? Value : Matrix.Span[i];
    }

    readonly struct Texts : IMatrixVisitor<StringMatrix>
    {
        public StringMatrix Visit<T>(DenseMatrix<T> matrix) where T : unmanaged
        {
            var result = StringMatrix.Allocate(matrix.Rows, matrix.Cols, out var cells);
            var from = matrix.Span(0, cells.Length);
            for (int i = 0; i < cells.Length; i++) cells[i] = Printer.Concatenated(Datum.Of(from[i]));
            return result;
        }
    }
}
