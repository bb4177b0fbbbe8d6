using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Casts and matrix literals.
sealed partial class ScriptLowering
{
    // A cast that changes data type and value type is two operations: kernels change one at a time.
    Value Convert(CastExpression e)
    {
        var value = Lower(e.Operand);
        if (value.Type is FrameType) return FromFrame(e, value);
        if (value.Type is not (ScalarType or MatrixType)) throw Fail(Diag.NumberNeeded, e.Span, "a cast", value.Type.InWords());
        if (e.Type.Data == DataTypeName.Frame) return ToFrame(e, value);
        var own = value.Type.ValueType()!.Value;
        if (e.Type.Data == DataTypeName.Scalar && value.Type is MatrixType) value = builder.Typed(Op.Cast, e.Span, IrType.Scalar(own), value);
        if (e.Type.Data == DataTypeName.Matrix && value.Type is ScalarType) value = builder.Typed(Op.Cast, e.Span, IrType.Matrix(own, 1, 1), value);
        return e.Type.ValueType is { } code ? builder.Cast(value, code, e.Span) : value;
    }

    Value Matrix(MatrixLiteral e)
    {
        if (e.Elements.Count == 0) throw Fail(Diag.EmptyLiteral, e.Span);
        var cells = new Value[e.Elements.Count];
        for (int i = 0; i < cells.Length; i++)
            cells[i] = Lower(e.Elements[i]) is { Type: ScalarType } cell ? cell : throw Fail(Diag.LiteralElement, e.Elements[i].Span, "matrix");
        var most = MostGeneral(cells);
        int mixed = most == ValueTypeCode.Str ? Array.FindIndex(cells, c => c.Type.ValueType() != most) : -1;
        if (mixed >= 0) throw Fail(Diag.MixedLiteral, e.Elements[mixed].Span);
        Value? rows = e.Rows is null ? null : Extent(e.Rows), cols = e.Cols is null ? null : Extent(e.Cols);
        long? knownRows = rows is null ? null : KnownIntegers.Of(rows), knownCols = cols is null ? null : KnownIntegers.Of(cols);
        long n = cells.Length;
        // [1, 2, 3](,) is a column, as [1, 2, 3] is.
        if (rows is null && cols is null) return Cells(e.Span, cells, most, n, 1);
        if (rows is null && knownCols is > 0) knownRows = n / knownCols;
        if (cols is null && knownRows is > 0) knownCols = n / knownRows;
        if (knownRows is { } r && knownCols is { } c && r >= 0 && c >= 0 && (Int128)r * c == n) return Cells(e.Span, cells, most, r, c);
        // Of no rows or columns any number makes no cells; n / 0 would be the wrong complaint.
        if (rows is null && knownCols is >= 0) rows = builder.Constant((ulong)(knownRows ?? 0), ValueTypeCode.Size, e.Span);
        if (cols is null && knownRows is >= 0) cols = builder.Constant((ulong)(knownCols ?? 0), ValueTypeCode.Size, e.Span);
        // A shape that is computed, or does not fit: what fits is decided where the shape is known.
        var count = builder.Constant((ulong)n, ValueTypeCode.Size, e.Span);
        rows ??= builder.Value(Op.EwDiv, e.Span, count, cols!);
        cols ??= builder.Value(Op.EwDiv, e.Span, count, rows);
        return builder.Value(Op.Reshape, e.Span, Cells(e.Span, cells, most, n, 1), rows, cols);
    }

    // A size is an unsigned number once it lies in a matrix.
    static ValueTypeCode MostGeneral(Value[] cells) => TypeRules.MostGeneral(cells) is { } most && most != ValueTypeCode.Size ? most : ValueTypeCode.UI64;

    Value Extent(Expression expression) => builder.Cast(Number(Lower(expression), "the shape of a matrix literal", expression.Span), ValueTypeCode.Size, expression.Span);

    Value Cells(SourceSpan span, Value[] cells, ValueTypeCode type, long rows, long cols)
    {
        var op = new Operation(Op.MatrixConstant, cells, [IrType.Matrix(type, rows, cols)], span);
        op.Attributes["rows"] = ScalarAttribute.SI64(rows);
        op.Attributes["cols"] = ScalarAttribute.SI64(cols);
        return builder.Block.Insert(op).Result;
    }
}
