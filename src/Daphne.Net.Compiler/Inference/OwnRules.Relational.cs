using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

// Joins, groups and sets of frames. Labels that are constants say which column comes out; how many rows, only running tells.
static partial class OwnRules
{
    static Dictionary<OpDef, OwnRule> Relational() => new()
    {
        [Op.Cartesian] = op => [Joined(op, Product(op.Operands[0].Type.Rows(), op.Operands[1].Type.Rows()))],
        [Op.InnerJoin] = op => [Joined(op, Unknown)],
        [Op.LeftOuterJoin] = op => [Joined(op, Unknown)],
        [Op.FullOuterJoin] = op => [Joined(op, Unknown)],
        [Op.AntiJoin] = op => [WithShape(op.Operands[0].Type, Unknown, Unknown)],
        [Op.SemiJoin] = op => [Picked(Column(op, 0, 2)), IrType.Matrix(ValueTypeCode.Size, Unknown, 1)],
        [Op.GroupJoin] = op => [Picked(Column(op, 0, 2), Summed(Column(op, 1, 4))), IrType.Matrix(ValueTypeCode.Size, Unknown, 1)],
        [Op.Group] = op => [Picked([.. Enumerable.Range(1, op.Operands.Count - 2).Select(k => Column(op, 0, k)), Summed(Column(op, 0, op.Operands.Count - 1))])],
        [Op.Intersect] = op => [WithShape(op.Operands[0].Type, Unknown, Unknown)],
        [Op.Merge] = op => [WithShape(op.Operands[0].Type, Unknown, Unknown)],
        [Op.Except] = op => [WithShape(op.Operands[0].Type, Unknown, Unknown)],
    };

    static long Product(long a, long b) => a < 0 || b < 0 || Math.BigMul(a, b) is var n && n > long.MaxValue ? Unknown : (long)n;

    static FrameType Joined(Operation op, long rows) => (op.Operands[0].Type, op.Operands[1].Type) is (FrameType left, FrameType right)
        ? Beside(left, right) with { Rows = rows } : new(default, rows);

    // The label and type of the column of a frame that an operand names; null where not known.
    static (string? Label, ValueTypeCode? Type) Column(Operation op, int frame, int name)
    {
        string? label = op.Operands[name].Constant as string;
        if (label is null || op.Operands[frame].Type is not FrameType { Columns.IsDefault: false, Labels.IsDefault: false } type) return (label, null);
        return type.Labels.IndexOf(label, 0, StringComparer.Ordinal) is >= 0 and var at ? (label, type.Columns[at]) : (label, null);
    }

    static (string? Label, ValueTypeCode? Type) Summed((string? Label, ValueTypeCode? Type) column) =>
        (column.Label is { } label ? $"SUM({label})" : null, column.Type == ValueTypeCode.Bool ? ValueTypeCode.SI64 : column.Type);

    static FrameType Picked(params ImmutableArray<(string? Label, ValueTypeCode? Type)> columns) =>
        new([.. columns.Select(c => c.Type)], Unknown, columns.Any(c => c.Label is null) ? default : [.. columns.Select(c => c.Label!)]);
}
