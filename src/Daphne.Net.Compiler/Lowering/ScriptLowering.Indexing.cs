using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Right and left indexing, filters. Rows and columns are two operations after one another.
sealed partial class ScriptLowering
{
    /// <summary>One direction of a matrix: the operations that work along it.</summary>
    sealed record Direction(string Name, OpDef Count, OpDef Slice, OpDef Extract, OpDef Filter, OpDef Insert);

    static readonly Direction ofRows = new("rows", Op.NumRows, Op.SliceRow, Op.ExtractRow, Op.FilterRow, Op.InsertRow);
    static readonly Direction ofCols = new("columns", Op.NumCols, Op.SliceCol, Op.ExtractCol, Op.FilterCol, Op.InsertCol);

    Value Part(IndexExpression e)
    {
        var matrix = Indexed(e.Object);
        matrix = Part(matrix, e.Index.Rows, ofRows, e.Span);
        return Part(matrix, e.Index.Cols, ofCols, e.Span);
    }

    Value Part(Value matrix, IndexRange range, Direction along, SourceSpan span)
    {
        if (range is IndexAll) return matrix;
        if (range is IndexPosition { Position: var expression })
        {
            var position = Position(expression, along);
            if (position.Type is MatrixType) return builder.Value(along.Extract, span, matrix, position);
            var (from, to) = Single(position, range.Span);
            return builder.Value(along.Slice, span, matrix, from, to);
        }
        var (lower, upper) = Ends(matrix, (IndexSlice)range, along);
        return builder.Value(along.Slice, span, matrix, lower, upper);
    }

    void AssignPart(AssignTarget target, Value source, SourceSpan sourceSpan)
    {
        var matrix = Variable(new Identifier(target.Name) { Span = target.Span });
        if (matrix.Type is not MatrixType type) throw Fail(Diag.IndexedScalar, target.Span, matrix.Type.InWords());
        source = AssignedCells(type, MatrixOperand(source, "an assignment to a part of a matrix", sourceSpan), sourceSpan);
        var (rows, cols) = (target.Index!.Rows, target.Index.Cols);
        if (cols is IndexAll) matrix = Replaced(matrix, source, rows, ofRows, target.Span);
        else if (rows is IndexAll) matrix = Replaced(matrix, source, cols, ofCols, target.Span);
        else
        {
            // The rows concerned are taken out, changed and put back.
            var (lower, upper) = Interval(matrix, rows, ofRows);
            var band = Replaced(builder.Value(Op.SliceRow, target.Span, matrix, lower, upper), source, cols, ofCols, target.Span);
            matrix = builder.Value(Op.InsertRow, target.Span, matrix, band, lower, upper);
        }
        scopes.Assign(target.Name, Named(matrix, target.Name), target.Span);
    }

    Value Replaced(Value matrix, Value source, IndexRange range, Direction along, SourceSpan span)
    {
        var (lower, upper) = Interval(matrix, range, along);
        return builder.Value(along.Insert, span, matrix, source, lower, upper);
    }

    // Narrowing would lose cells silently, so it is asked for.
    Value AssignedCells(MatrixType to, Value source, SourceSpan span)
    {
        ValueTypeCode target = to.ValueType!.Value, own = source.Type.ValueType()!.Value;
        if (target == own) return source;
        if (target > own || target == ValueTypeCode.Str || own == ValueTypeCode.Str) throw Fail(Diag.AssignedValueType, span, to.InWords(), own.DslName(), target.DslName());
        return builder.Cast(source, target, span);
    }

    (Value Lower, Value Upper) Interval(Value matrix, IndexRange range, Direction along)
    {
        if (range is IndexAll) return Ends(matrix, new IndexSlice(null, null) { Span = range.Span }, along);
        if (range is IndexSlice slice) return Ends(matrix, slice, along);
        var position = Position(((IndexPosition)range).Position, along);
        return position.Type is ScalarType ? Single(position, range.Span) : throw Fail(Diag.AssignedPositions, range.Span);
    }

    Value Position(Expression expression, Direction along)
    {
        var value = Lower(expression);
        if (value.Type.ValueType() == ValueTypeCode.Str) throw Fail(Diag.LabelOnMatrix, expression.Span, along.Name);
        return value.Type is ScalarType ? builder.Cast(value, ValueTypeCode.SI64, expression.Span) : MatrixOperand(value, "a list of positions", expression.Span);
    }

    (Value Lower, Value Upper) Single(Value position, SourceSpan span) => (position, Plus(position, 1, span));

    (Value Lower, Value Upper) Ends(Value matrix, IndexSlice range, Direction along)
    {
        var lower = range.Lower is null ? builder.SI64(0, range.Span) : End(range.Lower, along);
        var upper = range.Upper is null
            ? builder.Cast(builder.Value(along.Count, range.Span, matrix), ValueTypeCode.SI64, range.Span)
            : End(range.Upper, along);
        return (lower, upper);
    }

    Value End(Expression expression, Direction along) => ScalarOperand(Position(expression, along), "the end of a range", expression.Span);

    Value Filter(FilterExpression e)
    {
        var matrix = Indexed(e.Object);
        foreach (var (selection, along) in ((Expression?, Direction)[])[(e.Rows, ofRows), (e.Cols, ofCols)])
            if (selection is not null) matrix = builder.Value(along.Filter, e.Span, matrix, MatrixOperand(Lower(selection), "a filter", selection.Span));
        return matrix;
    }

    Value Indexed(Expression expression) => Lower(expression) is { Type: MatrixType } matrix ? matrix : throw Fail(Diag.IndexedScalar, expression.Span, "scalar");
}
