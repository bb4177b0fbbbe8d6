using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>
/// Operations on matrices of strings. Those that move cells run the kernel for numbers on a matrix that holds the number of each cell, and then fetch
/// the strings: one law for shapes, bounds and errors.
/// </summary>
static class TextMatrixBindings
{
    static readonly Dictionary<OpDef, Binder> table = new()
    {
        [Op.Transpose] = (op, e) => Moved(op, e, static (x, _, _) => Transpose.Apply(x)),
        [Op.Reverse] = (op, e) => Moved(op, e, static (x, _, _) => Reverse.Apply(x)),
        [Op.Reshape] = (op, e) => Moved(op, e, static (x, rows, cols) => rows < 0 || cols < 0 ? throw Diag.NegativeSize.Raise(Math.Min(rows, cols)) : Reshape.Apply(x, rows, cols)),
        [Op.SliceRow] = (op, e) => Moved(op, e, Slice.Rows),
        [Op.SliceCol] = (op, e) => Moved(op, e, Slice.Cols),
        [Op.ExtractRow] = (op, e) => AtPositions(op, e, Extract.Rows),
        [Op.ExtractCol] = (op, e) => AtPositions(op, e, Extract.Cols),
        [Op.FilterRow] = (op, e) => AtPositions(op, e, Filter.Rows),
        [Op.FilterCol] = (op, e) => AtPositions(op, e, Filter.Cols),
        [Op.ColBind] = (op, e) => Joined(op, e, static (x, y, _, _) => Bind.Cols(x, y)),
        [Op.RowBind] = (op, e) => Joined(op, e, static (x, y, _, _) => Bind.Rows(x, y)),
        [Op.InsertRow] = (op, e) => Joined(op, e, static (x, y, lower, upper) => Insert.Rows(x, y, lower, upper, mayOverwrite: true)),
        [Op.InsertCol] = (op, e) => Joined(op, e, static (x, y, lower, upper) => Insert.Cols(x, y, lower, upper, mayOverwrite: true)),
        [Op.MatrixConstant] = Literal,
        [Op.Fill] = Filled,
        [Op.Cast] = TextMatrixCasts.Bind,
        [Op.DiagVector] = (op, e) => Moved(op, e, static (x, _, _) => Diagonal.ToColumn(x)),
        [Op.Order] = TextMatrixOrder.Sorted,
        [Op.IsSymmetric] = TextMatrixOrder.Symmetric,
        [Op.Replace] = TextMatrixChoice.Replaced,
        [Op.Cond] = TextMatrixChoice.Chosen,
        [Op.Map] = MapBinding.BindText,
        [Op.Recode] = TextPreparation.Recoded,
        [Op.OneHot] = TextPreparation.OneHot,
        [Op.EwUpper] = TextMatrixCells.Each,
        [Op.EwLower] = TextMatrixCells.Each,
        [Op.OuterConcat] = TextMatrixCells.Outer,
        [Op.OuterEq] = TextMatrixCells.Outer,
        [Op.OuterNeq] = TextMatrixCells.Outer,
        [Op.OuterLt] = TextMatrixCells.Outer,
        [Op.OuterLe] = TextMatrixCells.Outer,
        [Op.OuterGt] = TextMatrixCells.Outer,
        [Op.OuterGe] = TextMatrixCells.Outer,
        [Op.EwAdd] = TextMatrixCells.Bind,
        [Op.EwConcat] = TextMatrixCells.Bind,
        [Op.EwEq] = TextMatrixCells.Bind,
        [Op.EwNeq] = TextMatrixCells.Bind,
        [Op.EwLt] = TextMatrixCells.Bind,
        [Op.EwLe] = TextMatrixCells.Bind,
        [Op.EwGt] = TextMatrixCells.Bind,
        [Op.EwGe] = TextMatrixCells.Bind,
    };

    /// <summary>The binder of an operation that has a matrix of strings among its operands and results; null where the usual one will do.</summary>
    public static Binder? For(Operation op) => OfText(op.Operands) || OfText(op.Results) ? table.GetValueOrDefault(op.Def) : null;

    static bool OfText(IReadOnlyList<Value> values)
    {
        foreach (var value in values)
            if (value.Type is MatrixType { ValueType: ValueTypeCode.Str }) return true;
        return false;
    }

    static Step Moved(Operation op, Emitter e, Func<DenseMatrix<long>, long, long, DenseMatrix<long>> kernel)
    {
        int x = e.Object(op.Operands[0]), to = e.Object(op.Result);
        int first = op.Operands.Count > 1 ? e.Number<long>(op, 1) : -1, second = op.Operands.Count > 2 ? e.Number<long>(op, 2) : -1;
        return new Do(f => f.Own(to, Fetch(f, x, numbers => kernel(numbers, first < 0 ? 0 : (long)f.Bits[first], second < 0 ? 0 : (long)f.Bits[second]))));
    }

    static Step AtPositions(Operation op, Emitter e, Func<DenseMatrix<long>, Matrix, DenseMatrix<long>> kernel)
    {
        int x = e.Object(op.Operands[0]), positions = e.Object(op.Operands[1]), to = e.Object(op.Result);
        return new Do(f => f.Own(to, Fetch(f, x, numbers => kernel(numbers, f.Matrix(positions)))));
    }

    static Step Joined(Operation op, Emitter e, Func<DenseMatrix<long>, DenseMatrix<long>, long, long, DenseMatrix<long>> kernel)
    {
        int x = e.Object(op.Operands[0]), y = e.Object(op.Operands[1]), to = e.Object(op.Result);
        int lower = op.Operands.Count > 2 ? e.Number<long>(op, 2) : -1, upper = op.Operands.Count > 3 ? e.Number<long>(op, 3) : -1;
        return new Do(f =>
        {
            StringMatrix left = TextMatrixCells.Strings(f.Matrix(x)), right = TextMatrixCells.Strings(f.Matrix(y));
            DenseMatrix<long> first = Numbered(left, 0), second = Numbered(right, left.Cells);
            var moved = kernel(first, second, lower < 0 ? 0 : (long)f.Bits[lower], upper < 0 ? 0 : (long)f.Bits[upper]);
            f.Own(to, Gather(moved, n => n < left.Cells ? left.Span[(int)n] : right.Span[(int)(n - left.Cells)]));
            first.Release();
            second.Release();
        });
    }

    static Step Literal(Operation op, Emitter e)
    {
        long rows = (long)((ScalarAttribute)op.Attributes["rows"]).Value, cols = (long)((ScalarAttribute)op.Attributes["cols"]).Value;
        int[] cells = [.. Enumerable.Range(0, op.Operands.Count).Select(i => e.Text(op, i))];
        int to = e.Object(op.Result);
        return new Do(f => f.Own(to, new StringMatrix([.. cells.Select(f.Text)], rows, cols)));
    }

    static Step Filled(Operation op, Emitter e)
    {
        int value = e.Text(op, 0), rows = e.Size(op, 1), cols = e.Size(op, 2), to = e.Object(op.Result);
        return new Do(f => f.Own(to, Fill.With(f.Text(value), f.Extent(rows), f.Extent(cols))));
    }

    static StringMatrix Fetch(Activation f, int slot, Func<DenseMatrix<long>, DenseMatrix<long>> kernel)
    {
        var source = (StringMatrix)f.Matrix(slot);
        var numbers = Numbered(source, 0);
        var result = Gather(kernel(numbers), n => source.Span[(int)n]);
        numbers.Release();
        return result;
    }

    static DenseMatrix<long> Numbered(StringMatrix matrix, long from)
    {
        var numbers = DenseMatrix<long>.Allocate(matrix.Rows, matrix.Cols);
        foreach (ref long cell in numbers.WritableSpan(0, (int)numbers.Cells)) cell = from++;
        return numbers;
    }

    static StringMatrix Gather(DenseMatrix<long> numbers, Func<long, string> cell)
    {
        var result = StringMatrix.Allocate(numbers.Rows, numbers.Cols, out var cells);
        var from = numbers.Span(0, cells.Length);
        for (int i = 0; i < cells.Length; i++) cells[i] = cell(from[i]);
        numbers.Release();
        return result;
    }
}
