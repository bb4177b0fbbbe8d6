using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Mistakes in shapes and constants that are certain before the program runs. Only operations that certainly run are looked at (a branch that is
/// never taken may hold anything), and what shows in a kernel otherwise is reported only as long as nothing was printed: then nobody can tell the
/// difference, except by the time saved.
/// </summary>
static class ShapeChecks
{
    /// <summary>Reports the first certain mistake of <c>main</c>.</summary>
    public static void Report(IrModule module, DiagnosticBag diagnostics)
    {
        bool observable = false;
        foreach (var op in module.Function("main")!.Regions[0].Block.Operations)
        {
            if (Mistake(op) is { } found && (found.Def.Stage == Stage.Compile || !observable))
            {
                diagnostics.Add(found);
                return;
            }
            if (op.Def == Op.Stop) return;
            observable |= Observable(op);
        }
    }

    // Printing, writing, ending, and what may do so or never end.
    static bool Observable(Operation op) => op.Def == Op.Print || op.Def == Op.Write || op.Def == Op.Stop || op.Def == Op.Call || op.Def == Op.Map || op.Def == Op.While
        || (op.Regions.Count > 0 && op.Regions.SelectMany(r => r.Blocks).SelectMany(b => b.Operations).Any(Observable));

    /// <summary>What is certainly wrong with an operation; null where nothing is known to be.</summary>
    public static Diagnostic? Mistake(Operation op)
    {
        if (op.Def == Op.MatMul) return MatMul(op);
        if (op.Def == Op.Solve) return Solve(op);
        if (op.Def == Op.Gemv) return Differ(op.Operands[0].Type.Rows(), op.Operands[1].Type.Rows()) ? At(op, Diag.InnerDimensions, "'gemv'", Shape(op, 0), Shape(op, 1)) : null;
        if (op.Def == Op.ColBind) return Differ(op.Operands[0].Type.Rows(), op.Operands[1].Type.Rows()) ? At(op, Diag.BindShapes, "cbind", "rows", Shape(op, 0), Shape(op, 1)) : null;
        if (op.Def == Op.RowBind) return Differ(op.Operands[0].Type.Cols(), op.Operands[1].Type.Cols()) ? At(op, Diag.BindShapes, "rbind", "columns", Shape(op, 0), Shape(op, 1)) : null;
        if (op.Def == Op.SliceRow || op.Def == Op.InsertRow) return Bounds(op, op.Operands[0].Type.Rows(), "row");
        if (op.Def == Op.SliceCol || op.Def == Op.InsertCol) return Bounds(op, op.Operands[0].Type.Cols(), "column");
        if (op.Def == Op.CreateFrame) return ColumnLengths(op);
        if (op.Def == Op.ExtractCol) return Label(op);
        if (op.Def == Op.Reshape) return Reshape(op);
        if (op.Def == Op.Tri || op.Def == Op.DiagVector || op.Def == Op.IsSymmetric || op.Def == Op.Eigen || op.Def == Op.Cholesky) return Differ(op.Operands[0].Type.Rows(), op.Operands[0].Type.Cols()) ? At(op, Diag.NotSquare, Spelling(op), Shape(op, 0)) : null;
        if (op.Def == Op.Cond && op.Operands[0].Type is MatrixType) return Alternatives(op);
        if (op.Def == Op.EwDiv || op.Def == Op.EwMod) return Divide(op) ?? Broadcast(op);
        return op.Def.Is(OpTraits.Elementwise) && op.Def.Shape == ShapeRule.Broadcast ? Broadcast(op) : null;
    }

    static Diagnostic? Broadcast(Operation op)
    {
        var (left, right) = (op.Operands[0].Type, op.Operands[1].Type);
        if (left is not MatrixType || right is not MatrixType) return null;
        bool fits = Fits(left.Rows(), right.Rows()) && Fits(left.Cols(), right.Cols());
        return fits ? null : At(op, Diag.ElementwiseShapes, Spelling(op), left.Shape(), right.Shape());
    }

    // Only the right operand is broadcast.
    static bool Fits(long left, long right) => left < 0 || right < 0 || right == 1 || left == right;

    static Diagnostic? MatMul(Operation op)
    {
        var (left, right) = (op.Operands[0].Type, op.Operands[1].Type);
        if (KnownIntegers.Flag(op.Operands[2]) is not { } leftFlag || KnownIntegers.Flag(op.Operands[3]) is not { } rightFlag) return null;
        long inner = leftFlag ? left.Rows() : left.Cols(), other = rightFlag ? right.Cols() : right.Rows();
        return Differ(inner, other) ? At(op, Diag.InnerDimensions, "'@'", Shape(op, 0) + (leftFlag ? " (transposed)" : ""), Shape(op, 1) + (rightFlag ? " (transposed)" : "")) : null;
    }

    static Diagnostic? Solve(Operation op)
    {
        var (left, right) = (op.Operands[0].Type, op.Operands[1].Type);
        if (Differ(left.Rows(), left.Cols())) return At(op, Diag.NotSquare, "solve", left.Shape());
        return Differ(left.Rows(), right.Rows()) ? At(op, Diag.SolveShapes, left.Shape(), right.Shape()) : null;
    }

    // Operands: the columns, then their labels. What is no column is reported when it runs.
    static Diagnostic? ColumnLengths(Operation op)
    {
        int n = op.Operands.Count / 2;
        for (int i = 1; i < n; i++)
        {
            var (first, other) = (op.Operands[0].Type, op.Operands[i].Type);
            if (first.Cols() == 1 && other.Cols() == 1 && Differ(first.Rows(), other.Rows()))
                return At(op, Diag.ColumnLengths, op.Operands[n].Constant ?? Frame.DefaultLabel(0), first.Rows(), op.Operands[n + i].Constant ?? Frame.DefaultLabel(i), other.Rows());
        }
        return null;
    }

    static Diagnostic? Label(Operation op) =>
        op.Operands[0].Type is FrameType { Labels: { IsDefault: false } labels } && op.Operands[1].Constant is string label && Frame.PositionsOf(labels, label).IsEmpty
            ? At(op, Diag.ColumnUnknown, label, labels.IsEmpty ? "no columns" : string.Join(", ", labels)) : null;

    static Diagnostic? Reshape(Operation op)
    {
        var (from, to) = (op.Operands[0].Type, op.Results[0].Type);
        bool differ = from.Rows() >= 0 && from.Cols() >= 0 && to.Rows() >= 0 && to.Cols() >= 0 && from.Rows() * from.Cols() != to.Rows() * to.Cols();
        if (!differ) return null;
        // A literal of a shape that does not fit is lowered to a reshape.
        bool literal = op.Operands[0].Producer is { } producer && producer.Def == Op.MatrixConstant && producer.Span == op.Span;
        return literal ? At(op, Diag.LiteralShape, from.Rows(), to.Shape()) : At(op, Diag.ReshapeShapes, from.Shape(), to.Shape());
    }

    static Diagnostic? Alternatives(Operation op) => op.Operands.Skip(1).FirstOrDefault(o => o.Type is MatrixType m
        && (Differ(m.Rows, op.Operands[0].Type.Rows()) || Differ(m.Cols, op.Operands[0].Type.Cols()))) is { } other
            ? At(op, Diag.AlternativeOfOtherShape, Shape(op, 0), other.Type.Shape()) : null;

    // Lower and upper bound are the last two operands, of slices and insertions alike.
    static Diagnostic? Bounds(Operation op, long n, string what)
    {
        if (n < 0 || KnownIntegers.Of(op.Operands[^2]) is not { } lower || KnownIntegers.Of(op.Operands[^1]) is not { } upper) return null;
        long from = lower < 0 ? lower + n : lower, to = upper < 0 || (lower < 0 && upper == 0) ? upper + n : upper;
        if (from >= 0 && from <= to && to <= n) return null;
        return to == from + 1 ? At(op, Diag.PositionOutOfBounds, what, lower, n) : At(op, Diag.RangeOutOfBounds, what, lower, upper, n);
    }

    static Diagnostic? Divide(Operation op) =>
        op.Operands.All(o => o.Constant is long or ulong or bool) && KnownIntegers.Of(op.Operands[1]) == 0 ? At(op, Diag.DivisionByZero, Spelling(op)) : null;

    static bool Differ(long a, long b) => a >= 0 && b >= 0 && a != b;
    static string Shape(Operation op, int operand) => op.Operands[operand].Type.Shape();
    static string Spelling(Operation op) => op.Def.Token is { } token ? $"'{token}'" : op.Def.Builtins is [var builtin, ..] ? $"'{builtin.Name}'"
        : op.Def == Op.Tri ? KnownIntegers.Flag(op.Operands[1]) == false ? "'lowerTri'" : "'upperTri'" : op.Def.Name;
    static Diagnostic At(Operation op, DiagnosticDef def, params object[] details) => def.At(op.Span, details);
}
