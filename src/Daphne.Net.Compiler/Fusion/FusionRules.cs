using System.Collections.Frozen;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Which operations may stand in pipelines, by who runs them.</summary>
public sealed record FusionRules
{
    /// <summary>What the pass is called that follows them.</summary>
    public required string PassName { get; init; }

    /// <summary>Groups of fewer operations stay as they are. Default: 1, because a pipeline is also how one operation gets more than one core.</summary>
    public int MinimumOperations { get; init; } = 1;

    /// <summary>Larger groups are cut: a fragment must stay readable, and a fused loop has only so many registers.</summary>
    public int MaximumOperations { get; init; } = 64;

    /// <summary>How results may be put together.</summary>
    public FrozenSet<CombineKind> Combines { get; init; } = Enum.GetValues<CombineKind>().ToFrozenSet();

    /// <summary>Operations that stay outside although their row allows pipelines.</summary>
    public FrozenSet<OpDef> Outside { get; init; } = [];

    /// <summary>Operations that join others, but make no pipeline alone.</summary>
    public FrozenSet<OpDef> NotAlone { get; init; } = [];

    /// <summary>A product with a wider right side stays outside: packing it once for all rows pays. Default: no limit.</summary>
    public long WidestProduct { get; init; } = long.MaxValue;

    /// <summary>X'Y is the sum of the products of row ranges, so that two values that lie on workers are multiplied there.</summary>
    public bool SumsOfProducts { get; init; }

    /// <summary>Matrices in sparse representation may be split too. Not here: they have kernels of their own that are parallel.</summary>
    public bool Sparse { get; init; }

    /// <summary>Matrices of strings may be split too. Not here: what is done with them is not done by batches.</summary>
    public bool Strings { get; init; }

    /// <summary>Frames may be split, and be what comes out. Not here: taking and naming columns copies no cell, and the rest has parallel kernels of its own.</summary>
    public bool Frames { get; init; }

    /// <summary>Operations that leave rows out may be split: how many rows each range gives is known when it is done. Not here: they have parallel kernels of their own.</summary>
    public bool RowSelections { get; init; }

    /// <summary>Selecting columns, or rows of what is cut by columns, joins those who make the values, so that only what was selected comes back. Not here: it would be a copy more.</summary>
    public bool Selections { get; init; }

    /// <summary>What rows cannot cut is cut by columns. Not here: such operations have parallel kernels of their own.</summary>
    public bool Columns { get; init; }

    /// <summary>Operations on one row make a pipeline by columns if it has that many cells. Default: 4096, because below that a message takes longer.</summary>
    public long WideRow { get; init; } = 1 << 12;

    /// <summary>Column-wise minima and maxima of floats may be taken per range. Wrong in general: a nan at the beginning of a range is kept, one further down is not.</summary>
    public bool FloatColumnExtremes { get; init; }

    /// <summary>For the cores of this machine: X'X, X'v, transposes and wide products are parallel in their own kernels.</summary>
    public static FusionRules Local { get; } = new()
    {
        PassName = "fuse-pipelines",
        Combines = [CombineKind.Rows, CombineKind.Add, CombineKind.Min, CombineKind.Max],
        Outside = [Op.Syrk, Op.Gemv], NotAlone = [Op.MatMul], WidestProduct = 256, FloatColumnExtremes = true,
    };

    /// <summary>For workers in other processes: whatever can be split is.</summary>
    public static FusionRules Distributed { get; } = new() { PassName = "fuse-distributed", SumsOfProducts = true, Sparse = true, Strings = true, Frames = true, RowSelections = true, Selections = true, Columns = true };

    /// <summary>True if an operation may be part of a pipeline cut by rows (or columns) at all; how it fits to others is another question.</summary>
    internal bool Allow(Operation op, SplitKind axis)
    {
        if (op.StandsAlone || !op.Def.Is(OpTraits.Pure | OpTraits.Fusible) || RangeSplits.Of(op, axis) is not { } split || op.Results.Count != 1 || Outside.Contains(op.Def) || !Combines.Contains(split.Combine)) return false;
        if (!Sparse && op.Result.Type is MatrixType { Representation: Representation.Sparse }) return false;
        if (split.Selects && !RowSelections) return false;
        bool frames = Frames && axis == SplitKind.Rows;
        foreach (var operand in op.Operands)
            if (frames && operand.Type is FrameType) continue;
            else if ((!Sparse && operand.Type is MatrixType { Representation: Representation.Sparse }) || operand.Type is not (MatrixType or ScalarType) || !Knows(operand.Type.ValueType())) return false;
        if (op.Result.Type is FrameType) return frames && (op.Def != Op.SliceCol && op.Def != Op.ExtractCol || Selections);
        if (!Knows(op.Result.Type.ValueType())) return false;
        // Only a fold over all cells hands a number over.
        if (op.Result.Type is not MatrixType && op.Def.Shape != ShapeRule.Scalar) return false;
        if (op.Def == Op.SliceCol || op.Def == Op.ExtractCol) return Selections;
        if (op.Def == Op.Cond || op.Def == Op.Cast) return op.Operands[0].Type is MatrixType or FrameType;
        if (axis == SplitKind.Cols) return op.Operands.Any(o => o.Type is MatrixType);
        if (op.Def == Op.MatMul) return op.Operands[1].Type.Cols() <= WidestProduct && (SumsOfProducts || split.Combine == CombineKind.Rows);
        if ((op.Def == Op.MinCol || op.Def == Op.MaxCol) && op.Operands[0].Type.ValueType()!.Value.IsFloat()) return FloatColumnExtremes;
        return op.Operands.Any(o => o.Type is MatrixType);
    }

    bool Knows(ValueTypeCode? type) => type is not null && (Strings || type != ValueTypeCode.Str);

    /// <summary>True if these operations together are worth a pipeline.</summary>
    internal bool Worth(IReadOnlyCollection<Operation> group) => group.Count >= MinimumOperations && group.Any(op => !NotAlone.Contains(op.Def));
}
