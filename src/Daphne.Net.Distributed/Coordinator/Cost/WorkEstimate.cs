using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>How large a value is.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Cols">Its columns.</param>
/// <param name="Stored">Cells that are stored: of a sparse matrix those that are not zero.</param>
readonly record struct Extent(long Rows, long Cols, double Stored)
{
    public static Extent One => new(1, 1, 1);

    public static Extent Dense(long rows, long cols) => new(rows, cols, (double)rows * cols);

    public static Extent Of(in Datum value) => value.IsScalar ? One : value.Object switch
    {
        Matrix matrix when CsrMatrix.Is(matrix) => new(matrix.Rows, matrix.Cols, ValueSize.Of(matrix) / (sizeof(int) + (double)matrix.ValueType.SizeInBytes())),
        Matrix matrix => Dense(matrix.Rows, matrix.Cols),
        Frame frame => Dense(frame.Rows, frame.Cols),
        _ => One,
    };
}

/// <summary>What a pipeline computes.</summary>
/// <param name="Nanoseconds">Of one core of the reference machine.</param>
/// <param name="Results">How large its results are.</param>
readonly record struct PipelineWork(double Nanoseconds, Extent[] Results);

/// <summary>
/// What the body of a pipeline costs, in nanoseconds of one core of the machine the constants were measured on. Only proportions matter: what a core here,
/// or on a worker, really takes is learnt while the script runs.
/// </summary>
static class WorkEstimate
{
    // Measured; decision 13 says how.
    const double PerCell = 0.45, PerSlowCell = 4, PerFlop = 0.03, PerMovedByte = 0.1, PerSparseCell = 2, PerOperation = 1_000;

    static readonly HashSet<OpDef> slow =
    [
        Op.EwExp, Op.EwLn, Op.EwSin, Op.EwCos, Op.EwTan, Op.EwSinh, Op.EwCosh, Op.EwTanh, Op.EwAsin, Op.EwAcos, Op.EwAtan, Op.EwPow, Op.EwMod, Op.EwLog,
    ];

    /// <summary>Of a block whose arguments are this large.</summary>
    public static PipelineWork Of(Block body, ReadOnlySpan<Extent> arguments)
    {
        var extents = new Dictionary<Value, Extent>();
        double work = 0;
        for (int i = 0; i < arguments.Length; i++)
        {
            extents[body.Arguments[i]] = arguments[i];
            work += PerMovedByte * sizeof(double) * arguments[i].Stored;
        }
        foreach (var op in body.Operations)
        {
            Extent[] operands = [.. op.Operands.Select(o => extents.GetValueOrDefault(o, Extent.One))];
            if (op.Def == Op.Return)
            {
                foreach (var result in operands) work += PerMovedByte * sizeof(double) * result.Stored;
                return new(work, operands);
            }
            foreach (var result in op.Results) extents[result] = ResultOf(op, operands, result.Type);
            if (op.Def != Op.Constant) work += PerOperation + CellsOf(op, operands, op.Results.Count > 0 ? extents[op.Results[0]] : Extent.One);
        }
        return new(work, []);
    }

    static double CellsOf(Operation op, Extent[] operands, Extent result)
    {
        if (operands.Length == 0) return PerCell * result.Stored;
        var first = operands[0];
        if (op.Def == Op.MatMul || op.Def == Op.Gemv) return PerFlop * 2 * Math.Min(first.Stored * result.Cols, operands[1].Stored * result.Rows);
        if (op.Def == Op.Syrk) return PerFlop * first.Stored * first.Cols;
        double most = Math.Max(result.Stored, operands.Max(o => o.Stored));
        double cells = most < 0.5 * operands.Max(o => (double)o.Rows * o.Cols) ? PerSparseCell : slow.Contains(op.Def) ? PerSlowCell : PerCell;
        return cells * most;
    }

    static bool IsSet(Operation op, int flag) => op.Operands.Count > flag && op.Operands[flag].Constant is true;

    static Extent ResultOf(Operation op, Extent[] operands, IrType type)
    {
        if (type is FrameType frame && operands.Length > 0)
            return Extent.Dense(operands.Max(o => o.Rows), frame.Cols >= 0 ? frame.Cols : operands.Max(o => o.Cols));
        if (type is not MatrixType matrix || operands.Length == 0) return Extent.One;
        var first = operands[0];
        var (rows, cols) = op.Def.Shape switch
        {
            _ when op.Def == Op.MatMul => (IsSet(op, 2) ? first.Cols : first.Rows, IsSet(op, 3) ? operands[1].Rows : operands[1].Cols),
            _ when op.Def == Op.Syrk => (first.Cols, first.Cols),
            _ when op.Def == Op.Gemv => (first.Cols, operands[1].Cols),
            ShapeRule.Scalar => (1, 1),
            ShapeRule.Transposed => (first.Cols, first.Rows),
            ShapeRule.ColumnOfRows => (first.Rows, 1),
            ShapeRule.RowOfCols => (1, first.Cols),
            ShapeRule.Outer => (first.Rows, operands[1].Cols),
            ShapeRule.SquareOfRows => (first.Rows, first.Rows),
            ShapeRule.SquareOfCols => (first.Cols, first.Cols),
            ShapeRule.BesideEachOther => (first.Rows, first.Cols + operands[1].Cols),
            ShapeRule.AboveEachOther => (first.Rows + operands[1].Rows, first.Cols),
            // What is left keeps the shape of a matrix that goes in, or nearly so.
            _ => Largest(operands),
        };
        // What inference knows is right, unless it speaks of the whole where this is a part of it.
        if (matrix.Rows > 0 && matrix.Cols > 0 && op.Def.Shape == ShapeRule.Own && op.Def != Op.MatMul && op.Def != Op.Syrk && op.Def != Op.Gemv) (rows, cols) = (matrix.Rows, matrix.Cols);
        bool cellwise = op.Def.Is(OpTraits.Elementwise) && operands.Count(o => o.Stored > 1) == 1 && (first.Rows, first.Cols) == (rows, cols);
        return cellwise ? new(rows, cols, first.Stored) : Extent.Dense(rows, cols);
    }

    static (long Rows, long Cols) Largest(Extent[] operands)
    {
        var most = operands.MaxBy(o => (double)o.Rows * o.Cols);
        return (most.Rows, most.Cols);
    }
}
