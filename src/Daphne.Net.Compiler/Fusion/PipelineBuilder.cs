using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Makes a <c>daphne.vectorizedPipeline</c> of a group, at the end of its block.</summary>
sealed class PipelineBuilder
{
    readonly Block block;
    readonly PipelineGroup group;
    readonly IReadOnlyList<Operation> members;
    readonly List<(Value Value, SplitKind Split)> inputs = [];
    readonly List<Operation> constants = [];
    readonly List<Value> results = [];

    PipelineBuilder(Block block, PipelineGroup group)
    {
        (this.block, this.group, members) = (block, group, group.InOrder);
        foreach (var op in members)
        {
            for (int i = 0; i < op.Operands.Count; i++) Use(op.Operands[i], group.Split(op, i));
            if (op.Result.Uses.Any(u => !group.Holds(u.User))) results.Add(op.Result);
        }
    }

    /// <summary>Replaces the operations of a group by a pipeline at the end of the block.</summary>
    public static void Build(Block block, PipelineGroup group) => new PipelineBuilder(block, group).Build();

    void Use(Value value, SplitKind split)
    {
        if (value.Producer is { } producer)
        {
            if (group.Holds(producer)) return;
            if (producer.Def == Op.Constant)
            {
                if (!constants.Contains(producer)) constants.Add(producer);
                return;
            }
        }
        if (!inputs.Contains((value, split))) inputs.Add((value, split));
    }

    void Build()
    {
        var span = members[^1].Span;
        Value[] rows = [.. results.Select(r => Size(r, Extent.Rows))], cols = [.. results.Select(r => Size(r, Extent.Cols))];
        var pipeline = new Operation(Op.VectorizedPipeline, [.. inputs.Select(i => i.Value), .. rows, .. cols], results.Select(r => AsMatrix(r.Type, 1, 1)), span);
        pipeline.Attributes["operandSegmentSizes"] = new SegmentsAttribute([inputs.Count, results.Count, results.Count]);
        pipeline.Attributes["splits"] = new ArrayAttribute([.. inputs.Select(i => new SplitAttribute(i.Split))]);
        pipeline.Attributes["combines"] = new ArrayAttribute([.. results.Select(r => new CombineAttribute(RangeSplits.Of(r.Producer!, group.Axis)!.Combine))]);
        FillBody(pipeline.Regions[0].AddBlock(), span);
        block.Insert(pipeline);
        for (int i = 0; i < results.Count; i++)
        {
            pipeline.Results[i].Name = results[i].Name;
            results[i].ReplaceAllUsesWith(results[i].Type is ScalarType
                ? block.Insert(new(Op.Cast, [pipeline.Results[i]], [results[i].Type], span)).Result : pipeline.Results[i]);
        }
        foreach (var op in members.Reverse()) op.Erase();
    }

    // Types in the body say of shapes only what holds for every range.
    void FillBody(Block body, SourceSpan span)
    {
        Dictionary<(Value, SplitKind), Value> arguments = [];
        foreach (var input in inputs) arguments[input] = body.AddArgument(input.Split == SplitKind.None ? input.Value.Type : OfRange(input.Value.Type));
        Dictionary<Value, Value> map = [];
        foreach (var constant in constants) body.Insert(constant.Clone(map));
        foreach (var op in members)
        {
            var operands = op.Operands.Select((v, i) => map.TryGetValue(v, out var inner) ? inner : arguments[(v, group.Split(op, i))]);
            var copy = body.Insert(new(op.Def, [.. operands], [op.Result.Type switch
            {
                MatrixType m => m with { Rows = IrType.Unknown, Cols = IrType.Unknown, Symmetric = null },
                FrameType f => f with { Rows = IrType.Unknown },
                var scalar => scalar,
            }], op.Span));
            if (op.HasAttributes)
                foreach (var (key, value) in op.Attributes) copy.Attributes[key] = value;
            copy.Result.Name = op.Result.Name;
            map[op.Result] = copy.Result;
        }
        Value[] handed = [.. results.Select(r => r.Type is ScalarType ? body.Insert(new(Op.Cast, [map[r]], [AsMatrix(r.Type, IrType.Unknown, IrType.Unknown)], span)).Result : map[r])];
        body.Insert(new(Op.Return, handed, [], span));
    }

    IrType OfRange(IrType type) => type switch
    {
        MatrixType m when group.Axis == SplitKind.Cols => m with { Cols = IrType.Unknown, Symmetric = null },
        MatrixType m => m with { Rows = IrType.Unknown, Symmetric = null },
        _ => (FrameType)type with { Rows = IrType.Unknown },
    };

    static IrType AsMatrix(IrType type, long rows, long cols) => type is ScalarType s ? IrType.Matrix(s.ValueType, rows, cols) : type;

    enum Extent { Rows, Cols }

    // The number of rows or columns of a value, asked of what stands in front of the pipeline.
    Value Size(Value value, Extent extent)
    {
        long known = value.Type is ScalarType ? 1 : extent == Extent.Rows ? value.Type.Rows() : value.Type.Cols();
        if (known >= 0) return Constant(known);
        if (value.Producer is not { } op || !group.Holds(op)) return Query(value, extent);
        if (op.Def == Op.Transpose) return Size(op.Operands[0], extent == Extent.Rows ? Extent.Cols : Extent.Rows);
        return extent == Extent.Rows ? Rows(op) : Cols(op);
    }

    Value Rows(Operation op)
    {
        if (RangeSplits.Of(op, group.Axis)!.Selects) return Constant(IrType.Unknown);
        if (op.Def == Op.Syrk || op.Def == Op.Gemv || (op.Def == Op.MatMul && op.Operands[2].Constant is true)) return Size(op.Operands[0], Extent.Cols);
        if (op.Def.Shape == ShapeRule.RowOfCols) return Constant(1);
        if (group.Axis == SplitKind.Rows) return Query(inputs.First(i => i.Split == SplitKind.Rows).Value, Extent.Rows);
        if (op.Def == Op.RowBind) return Sum(op, Extent.Rows);
        if (op.Def == Op.ExtractRow) return Size(op.Operands[1], Extent.Rows);
        if (op.Def.Builtins.Any(b => b.ByGroups)) return op.Operands[2];
        return Size(op.Operands.First(o => o.Type is MatrixType or FrameType), Extent.Rows);
    }

    Value Cols(Operation op)
    {
        if (op.Def.Shape == ShapeRule.ColumnOfRows || op.Def == Op.Gemv) return Constant(1);
        if (group.Axis == SplitKind.Cols) return Query(inputs.First(i => i.Split == SplitKind.Cols).Value, Extent.Cols);
        if (op.Def == Op.ColBind) return Sum(op, Extent.Cols);
        if (op.Result.Type is FrameType && op.Def != Op.SetColLabels && op.Def != Op.SetColLabelsPrefix && op.Def != Op.Cast && op.Def != Op.FilterRow) return Constant(IrType.Unknown);
        if (op.Def == Op.ExtractCol) return Size(op.Operands[1], Extent.Rows);
        if (op.Def == Op.MatMul) return Size(op.Operands[1], op.Operands[3].Constant is true ? Extent.Rows : Extent.Cols);
        if (op.Def.Shape == ShapeRule.Outer) return Size(op.Operands[1], Extent.Cols);
        return Size(op.Operands.First(o => o.Type is MatrixType or FrameType), Extent.Cols);
    }

    Value Sum(Operation op, Extent extent) => block.Insert(new(Op.EwAdd, [Size(op.Operands[0], extent), Size(op.Operands[1], extent)], [IrType.Scalar(ValueTypeCode.Size)], op.Span)).Result;

    // A size that nobody knows before the pipeline has run is the greatest number there is.
    Value Constant(long n)
    {
        var op = new Operation(Op.Constant, [], [IrType.Scalar(ValueTypeCode.Size)]);
        op.Attributes["value"] = new ScalarAttribute((ulong)n, IrType.Scalar(ValueTypeCode.Size));
        return block.Insert(op).Result;
    }

    // A pipeline before this one has the sizes of its results among its operands, where they are known.
    Value Query(Value matrix, Extent extent)
    {
        if (matrix.Producer is { } earlier && earlier.Def == Op.VectorizedPipeline
            && RangeSources.SizeOf(earlier, matrix.Index, extent == Extent.Rows ? 2 : 1) is { } size) return size;
        return block.Insert(new(extent == Extent.Rows ? Op.NumRows : Op.NumCols, [matrix], [IrType.Scalar(ValueTypeCode.Size)])).Result;
    }
}
