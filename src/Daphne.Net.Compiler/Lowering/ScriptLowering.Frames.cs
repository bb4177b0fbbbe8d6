using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Frames: literals, createFrame, labels, binding, casts.
sealed partial class ScriptLowering
{
    static readonly FrameType anyFrame = new(default);

    Value CreateFrame(Call e)
    {
        Unnamed(e);
        var arguments = e.Arguments.Select(a => Lower(a.Value)).ToArray();
        int columns = Array.FindIndex(arguments, a => a.Type is not MatrixType);
        if (columns < 0) columns = arguments.Length;
        for (int i = columns; i < arguments.Length; i++)
            if (arguments[i].Type is not ScalarType { ValueType: ValueTypeCode.Str }) throw Fail(Diag.FrameColumn, e.Arguments[i].Span, arguments[i].Type.InWords());
        if (columns == 0) throw Fail(Diag.ArgumentCount, e.Span, e.Function, "one column or more", "none", "columns first, then a label for each");
        var labels = arguments[columns..];
        if (labels.Length == 0) labels = [.. Enumerable.Range(0, columns).Select(i => builder.Text(Frame.DefaultLabel(i), e.Span))];
        if (labels.Length != columns) throw Fail(Diag.LabelPerColumn, e.Span, columns, labels.Length);
        return FrameOf(arguments[..columns], labels, e.Span);
    }

    Value ByColumns(FrameLiteralByColumns e)
    {
        var (labels, columns) = (new Value[e.Labels.Count], new Value[e.Labels.Count]);
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = Label(e.Labels[i]);
            columns[i] = Lower(e.Columns[i]);
            if (columns[i].Type is not MatrixType) throw Fail(Diag.FrameColumn, e.Columns[i].Span, columns[i].Type.InWords());
        }
        return FrameOf(columns, labels, e.Span);
    }

    // A column has the most general type of its cells, as a matrix literal has.
    Value ByRows(FrameLiteralByRows e)
    {
        var labels = e.Labels.Select(Label).ToArray();
        var cells = new Value[labels.Length][];
        for (int c = 0; c < cells.Length; c++) cells[c] = new Value[e.Rows.Count];
        for (int r = 0; r < e.Rows.Count; r++)
        {
            if (e.Rows[r].Count != labels.Length) throw Fail(Diag.FrameRowLength, e.Rows[r].Count > 0 ? e.Rows[r][0].Span : e.Span, r, e.Rows[r].Count, labels.Length);
            for (int c = 0; c < labels.Length; c++)
            {
                cells[c][r] = Lower(e.Rows[r][c]);
                if (cells[c][r].Type is not ScalarType) throw Fail(Diag.FrameCell, e.Rows[r][c].Span, cells[c][r].Type.InWords());
                if (cells[c][r].Type.ValueType() == ValueTypeCode.Str != (cells[c][0].Type.ValueType() == ValueTypeCode.Str)) throw Fail(Diag.MixedLiteral, e.Rows[r][c].Span);
            }
        }
        if (e.Rows.Count == 0) throw Fail(Diag.FrameWithoutRows, e.Span);
        return FrameOf([.. cells.Select(column => Cells(e.Span, column, MostGeneral(column), e.Rows.Count, 1))], labels, e.Span);
    }

    Value Label(Expression expression) =>
        Lower(expression) is var label && label.Type is ScalarType { ValueType: ValueTypeCode.Str } ? label : throw Fail(Diag.LabelIsText, expression.Span, label.Type.InWords());

    Value FrameOf(Value[] columns, Value[] labels, SourceSpan span) => builder.Value(Op.CreateFrame, span, [.. columns, .. labels]);

    Value SetColLabels(Call e)
    {
        Unnamed(e);
        if (e.Arguments.Count < 2) throw Fail(Diag.ArgumentCount, e.Span, e.Function, "a frame and a label for each column", Count(e.Arguments.Count, "argument"), "setColLabels(f, \"a\", \"b\")");
        var frame = Fitting(Lower(e.Arguments[0].Value), Op.SetColLabels.Builtins[0].Parameters[0], e, e.Arguments[0].Value.Span);
        return builder.Value(Op.SetColLabels, e.Span, [frame, .. e.Arguments.Skip(1).Select(a => Label(a.Value))]);
    }

    void Unnamed(Call e)
    {
        if (e.Arguments.FirstOrDefault(a => a.Keyword is not null) is { } named) throw Fail(Diag.UnknownKeyword, named.Span, e.Function, named.Keyword, "its arguments have no names");
    }

    Value Bound(Call e)
    {
        var row = Op.BuiltinsByName[e.Function][0];
        var operands = Arguments(e, [.. row.Builtin.Parameters]);
        var (left, right) = (operands[0]!.Type, operands[1]!.Type);
        if (left is FrameType != right is FrameType) throw Fail(Diag.BindKinds, e.Span, e.Function, left.InWords(), right.InWords());
        // Joining matrices of numbers with matrices of text would make text of the numbers, which nobody means.
        if (left.ValueType() == ValueTypeCode.Str != (right.ValueType() == ValueTypeCode.Str)) throw Fail(Diag.TextOperand, e.Span, $"'{e.Function}' of numbers");
        return builder.Value(row.Op, e.Span, operands[0]!, operands[1]!);
    }

    Value ToFrame(CastExpression e, Value value)
    {
        if (value.Type is ScalarType scalar) value = builder.Typed(Op.Cast, e.Span, IrType.Matrix(scalar.ValueType, 1, 1), value);
        if (e.Type.ValueType is { } code) value = builder.Cast(value, code, e.Span);
        return builder.Typed(Op.Cast, e.Span, anyFrame, value);
    }

    Value FromFrame(CastExpression e, Value frame)
    {
        if (e.Type.Data is null or DataTypeName.Frame) return e.Type.ValueType is { } cells ? Recast(frame, cells, e.Span) : frame;
        string written = e.Type.Data == DataTypeName.Matrix ? "as.matrix" : "as.scalar";
        var first = frame.Type is FrameType { Columns: { IsDefaultOrEmpty: false } columns } ? columns[0] : null;
        var type = e.Type.ValueType ?? first ?? throw Fail(Diag.FirstColumnUnknown, e.Span, written);
        var matrix = builder.Typed(Op.Cast, e.Span, IrType.Matrix(type), frame);
        return e.Type.Data == DataTypeName.Matrix ? matrix : builder.Typed(Op.Cast, e.Span, IrType.Scalar(type), matrix);
    }

    // The type of a frame may not say how many columns there are, so what they become is an attribute.
    Value Recast(Value frame, ValueTypeCode cells, SourceSpan span)
    {
        var op = new Operation(Op.Cast, [frame], [frame.Type], span);
        op.Attributes["cells"] = new TypeAttribute(IrType.Scalar(cells));
        Inference.Apply(builder.Block.Insert(op));
        return op.Result;
    }
}
