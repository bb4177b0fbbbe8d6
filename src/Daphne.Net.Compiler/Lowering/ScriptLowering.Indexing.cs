using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Right and left indexing, filters. Rows and columns are two operations after one another.
sealed partial class ScriptLowering
{
    /// <summary>One direction of a matrix or frame: the operations that work along it.</summary>
    sealed record Direction(string Name, OpDef Count, OpDef Slice, OpDef Extract, OpDef Insert);

    static readonly Direction ofRows = new("rows", Op.NumRows, Op.SliceRow, Op.ExtractRow, Op.InsertRow);
    static readonly Direction ofCols = new("columns", Op.NumCols, Op.SliceCol, Op.ExtractCol, Op.InsertCol);

    Value Part(IndexExpression e)
    {
        var whole = Indexed(e.Object);
        var rows = Selected(whole, e.Index.Rows, ofRows, e.Span);
        if (whole.Type is not FrameType) return Selected(whole = rows(whole), e.Index.Cols, ofCols, e.Span)(whole);
        // A frame shares its columns and copies its rows: the fewer columns are left, the less is copied.
        return rows(Selected(whole, e.Index.Cols, ofCols, e.Span)(whole));
    }

    /// <summary>Evaluates one side of an index; what comes back takes that part out.</summary>
    Func<Value, Value> Selected(Value whole, IndexRange range, Direction along, SourceSpan span)
    {
        if (range is IndexAll) return x => x;
        if (range is IndexPosition { Position: var expression })
        {
            var position = Position(expression, along, whole.Type);
            if (position.Type is MatrixType || position.Type.ValueType() == ValueTypeCode.Str) return x => builder.Value(along.Extract, span, x, position);
            var (from, to) = Single(position, range.Span);
            return x => builder.Value(along.Slice, span, x, from, to);
        }
        var (lower, upper) = Ends(whole, (IndexSlice)range, along);
        return x => builder.Value(along.Slice, span, x, lower, upper);
    }

    void AssignPart(AssignTarget target, Value source, SourceSpan sourceSpan)
    {
        var matrix = Variable(new Identifier(target.Name) { Span = target.Span });
        if (matrix.Type is FrameType) throw Fail(Diag.FrameAssigned, target.Span);
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
        var position = Position(((IndexPosition)range).Position, along, matrix.Type);
        return position.Type is ScalarType ? Single(position, range.Span) : throw Fail(Diag.AssignedPositions, range.Span);
    }

    // Only the columns of a frame have labels, and only one of them is named at a time.
    Value Position(Expression expression, Direction along, IrType whole)
    {
        var value = Lower(expression);
        if (value.Type.ValueType() == ValueTypeCode.Str)
            return whole is FrameType && along == ofCols ? ScalarOperand(value, "the label of a column", expression.Span) : throw Fail(Diag.LabelOnMatrix, expression.Span, along.Name, whole is FrameType ? "frame" : "matrix");
        return value.Type is ScalarType ? builder.Cast(value, ValueTypeCode.SI64, expression.Span) : MatrixOperand(value, "a list of positions", expression.Span);
    }

    (Value Lower, Value Upper) Single(Value position, SourceSpan span) => (position, Plus(position, 1, span));

    (Value Lower, Value Upper) Ends(Value matrix, IndexSlice range, Direction along)
    {
        var lower = range.Lower is null ? builder.SI64(0, range.Span) : End(range.Lower);
        var upper = range.Upper is null
            ? builder.Cast(builder.Value(along.Count, range.Span, matrix), ValueTypeCode.SI64, range.Span)
            : End(range.Upper);
        return (lower, upper);
    }

    Value End(Expression expression) => builder.Cast(Number(Lower(expression), "the end of a range", expression.Span), ValueTypeCode.SI64, expression.Span);

    Value Filter(FilterExpression e)
    {
        var whole = Indexed(e.Object);
        var rows = e.Rows is null ? null : MatrixOperand(Lower(e.Rows), "a filter", e.Rows.Span);
        if (rows is not null && whole.Type is MatrixType) whole = builder.Value(Op.FilterRow, e.Span, whole, rows);
        if (e.Cols is not null) whole = builder.Value(Op.FilterCol, e.Span, whole, MatrixOperand(Lower(e.Cols), "a filter", e.Cols.Span));
        return rows is not null && whole.Type is FrameType ? builder.Value(Op.FilterRow, e.Span, whole, rows) : whole;
    }

    Value Indexed(Expression expression) => Lower(expression) is var value && value.Type is MatrixType or FrameType ? value : throw Fail(Diag.IndexedScalar, expression.Span, value.Type.InWords());
}
