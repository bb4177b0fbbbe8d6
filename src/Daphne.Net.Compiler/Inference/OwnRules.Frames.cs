using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

// Frames: the types of their columns, and the labels where they are constants.
static partial class OwnRules
{
    // A frame of a wide matrix: what its columns are would be the same fact many times.
    const long MostColumnsKnown = 1 << 12;

    static Dictionary<OpDef, OwnRule> Frames() => new()
    {
        [Op.CreateFrame] = op =>
        {
            int n = op.Operands.Count / 2;
            long rows = op.Operands.Take(n).Select(c => c.Type.Rows()).Append(n == 0 ? 0 : Unknown).Max();
            return [new FrameType([.. op.Operands.Take(n).Select(c => Stored(c.Type.ValueType()))], rows, Labels(op.Operands.Skip(n)))];
        },
        [Op.SetColLabels] = op => [OfFrame(op) with { Labels = Labels(op.Operands.Skip(1)) }],
        [Op.SetColLabelsPrefix] = op => [OfFrame(op) is { Labels.IsDefault: false } f && op.Operands[1].Constant is string prefix
            ? f with { Labels = [.. f.Labels.Select(label => Frame.Prefixed(prefix, label))] } : OfFrame(op) with { Labels = default }],
    };

    static FrameType OfFrame(Operation op) => (FrameType)op.Operands[0].Type;

    static ImmutableArray<string> Labels(IEnumerable<Value> labels) =>
        labels.All(label => label.Constant is string) ? [.. labels.Select(label => (string)label.Constant!)] : default;

    static FrameType SliceCol(Operation op, FrameType frame)
    {
        long length = SliceLength(op);
        if (length < 0 || frame.Columns.IsDefault || KnownIntegers.Of(op.Operands[1]) is not { } lower) return Some(frame, length);
        long first = lower < 0 ? lower + frame.Cols : lower;
        if (first < 0 || first + length > frame.Cols) return Some(frame, length);
        return frame with
        {
            Columns = frame.Columns.Slice((int)first, (int)length),
            Labels = frame.Labels.IsDefault ? default : frame.Labels.Slice((int)first, (int)length),
        };
    }

    static FrameType ExtractCol(Operation op, FrameType frame)
    {
        if (op.Operands[1].Type is not ScalarType) return KnownPositions(op.Operands[1], frame.Cols) is { } at ? Picked(frame, at) : Some(frame, op.Operands[1].Type.Rows());
        if (op.Operands[1].Constant is not string label) return Some(frame, Unknown);
        if (!frame.Labels.IsDefault && Frame.PositionsOf(frame.Labels, label) is { IsEmpty: false } named) return Picked(frame, named);
        return label.EndsWith(".*", StringComparison.Ordinal) ? Some(frame, Unknown) : Some(frame, 1) with { Labels = [label] };
    }

    static FrameType FilterCol(Operation op, FrameType frame) =>
        frame.Cols == op.Operands[1].Type.Rows() && KnownPositions(op.Operands[1], 2) is { } flags
            ? Picked(frame, [.. Enumerable.Range(0, flags.Length).Where(i => flags[i] == 1).Select(i => (long)i)]) : Some(frame, Unknown);

    static FrameType Picked(FrameType frame, ImmutableArray<long> positions)
    {
        if (frame.Columns.IsDefault) return Some(frame, positions.Length);
        return frame with
        {
            Columns = [.. positions.Select(p => frame.Columns[(int)p])],
            Labels = frame.Labels.IsDefault ? default : Frame.PickedLabels(frame.Labels, positions.AsSpan()),
        };
    }

    // Some columns nobody knows which: where all are of one type, so are these.
    static FrameType Some(FrameType frame, long count)
    {
        var one = !frame.Columns.IsDefaultOrEmpty && frame.Columns.All(c => c == frame.Columns[0]) ? frame.Columns[0] : null;
        return frame with { Columns = count is < 0 or > MostColumnsKnown ? default : [.. Enumerable.Repeat(one, (int)count)], Labels = default };
    }

    // Of a matrix literal of constants; none where one lies outside.
    static ImmutableArray<long>? KnownPositions(Value positions, long extent)
    {
        if (extent < 0 || positions.Producer is not { } literal || literal.Def != Op.MatrixConstant) return null;
        var at = ImmutableArray.CreateBuilder<long>(literal.Operands.Count);
        foreach (var cell in literal.Operands)
        {
            if (KnownIntegers.Of(cell) is not { } position || position < -extent || position >= extent) return null;
            at.Add(position < 0 ? position + extent : position);
        }
        return at.MoveToImmutable();
    }

    static FrameType Beside(FrameType left, FrameType right) => new(
        left.Columns.IsDefault || right.Columns.IsDefault ? default : left.Columns.AddRange(right.Columns), ShapeRules.EitherOf(left.Rows, right.Rows),
        left.Labels.IsDefault || right.Labels.IsDefault ? default : left.Labels.AddRange(right.Labels));

    // Both have the same columns, else it fails: what one does not know the other may.
    static FrameType Above(FrameType upper, FrameType lower) => new(
        upper.Columns.IsDefault || upper.Columns.Any(c => c is null) && !lower.Columns.IsDefault ? lower.Columns : upper.Columns,
        upper.Rows < 0 || lower.Rows < 0 ? Unknown : upper.Rows + lower.Rows, upper.Labels.IsDefault ? lower.Labels : upper.Labels);

    // A cast to a frame: of a matrix its columns; of a frame the same columns, as the value type in the attribute "cells" where there is one.
    static FrameType ToFrame(Operation op) => op.Operands[0].Type switch
    {
        MatrixType { Cols: >= 0 and <= MostColumnsKnown } m => new([.. Enumerable.Repeat(Stored(m.ValueType), (int)m.Cols)], m.Rows, [.. Enumerable.Range(0, (int)m.Cols).Select(Frame.DefaultLabel)]),
        FrameType f when op.Attributes.TryGetValue("cells", out var cells) => f with { Columns = f.Columns.IsDefault ? default : [.. f.Columns.Select(_ => ((TypeAttribute)cells).Type.ValueType())] },
        FrameType f => f,
        var other => new(default, other.Rows()),
    };

    // Sizes are stored as ui64, and a column is what it is stored as.
    static ValueTypeCode? Stored(ValueTypeCode? code) => code == ValueTypeCode.Size ? ValueTypeCode.UI64 : code;
}
