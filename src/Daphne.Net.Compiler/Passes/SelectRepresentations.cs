using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>
/// Makes matrices sparse whose estimated share of non-zero cells lies below a threshold. The estimates go through branches, loops and calls; where two ways
/// meet that disagree, and in front of operations that have no sparse kernel, a cast makes the matrix dense. Products with a sparse matrix get their
/// transposes back, because those are made once and leave loops.
/// </summary>
/// <param name="threshold">The least share of non-zero cells that is dense.</param>
public sealed class SelectRepresentations(double threshold) : Pass
{
    /// <inheritdoc/>
    public override string Name => "select-representations";

    /// <inheritdoc/>
    public override bool Run(IrModule module)
    {
        var refinement = new Estimates(module, threshold);
        InferenceFixpoint.Run(module, refinement);
        if (!refinement.AnySparse) return false;
        foreach (var function in module.Functions)
        {
            ForEach(function.Regions[0], AnswerSparsity);
            ForEach(function.Regions[0], SpellOutTransposes);
            ForEach(function.Regions[0], op => MakeDense(op, module));
            ForEach(function.Regions[0], FuseLargest);
        }
        return true;
    }

    static void ForEach(Region region, Action<Operation> change)
    {
        foreach (var block in region.Blocks)
            foreach (var op in block.Operations)
            {
                foreach (var inner in op.Regions) ForEach(inner, change);
                change(op);
            }
    }

    // As in the original, the estimate is the answer where there is one.
    static void AnswerSparsity(Operation op)
    {
        if (op.Def != Op.Sparsity || op.Operands[0].Type is not MatrixType { Sparsity: >= 0 and var share }) return;
        op.Result.ReplaceAllUsesWith(op.ConstantBefore(share, ValueTypeCode.F64));
        op.Erase();
    }

    static void SpellOutTransposes(Operation op)
    {
        if (op.Def == Op.Transpose && op.Operands[0].Type is MatrixType { Symmetric: true })
        {
            op.Result.ReplaceAllUsesWith(op.Operands[0]);
            op.Erase();
            return;
        }
        if (op.Def != Op.MatMul && op.Def != Op.Syrk && op.Def != Op.Gemv) return;
        if (!IsSparse(op.Operands[0]) && !IsSparse(op.Operands[1]) && !IsSparse(op.Result)) return;
        (Value Value, bool Turned) a, b;
        if (op.Def == Op.Gemv) (a, b) = ((op.Operands[0], true), (op.Operands[1], false));
        else if (op.Def == Op.Syrk)
        {
            if (op.Operands[1].Constant is not bool first) return;
            (a, b) = ((op.Operands[0], first), (op.Operands[0], !first));
        }
        else
        {
            if (op.Operands[2].Constant is not bool left || op.Operands[3].Constant is not bool right || (!left && !right)) return;
            (a, b) = ((op.Operands[0], left), (op.Operands[1], right));
        }
        var no = op.ConstantBefore(false, ValueTypeCode.Bool);
        var product = new Operation(Op.MatMul, [Upright(op, a), Upright(op, b), no, no], [op.Result.Type], op.Span);
        op.Parent!.Insert(product, op);
        product.Result.Name = op.Result.Name;
        op.Result.ReplaceAllUsesWith(product.Result);
        op.Erase();
    }

    static Value Upright(Operation op, (Value Value, bool Turned) operand)
    {
        if (!operand.Turned || operand.Value.Type is not MatrixType type || type.Symmetric == true) return operand.Value;
        return op.Parent!.Insert(new(Op.Transpose, [operand.Value], [type.WithShape(type.Cols, type.Rows)], op.Span), op).Result;
    }

    static void MakeDense(Operation op, IrModule module)
    {
        for (int i = 0; i < op.Operands.Count; i++)
            if (IsSparse(op.Operands[i]) && !MayBeSparse(op, i, module))
                op.SetOperand(i, op.CastBefore(op.Operands[i], (MatrixType)op.Operands[i].Type with { Representation = Representation.Dense }));
    }

    static bool MayBeSparse(Operation op, int operand, IrModule module)
    {
        if (op.Def == Op.Condition) return true;
        if (op.Def == Op.For) return operand >= 3 && IsSparse(op.Regions[0].Block.Arguments[operand - 2]);
        if (op.Def == Op.While) return IsSparse(op.Regions[0].Block.Arguments[operand]);
        if (op.Def == Op.Call) return IsSparse(module.Function(((SymbolAttribute)op.Attributes["callee"]).Name)!.Regions[0].Block.Arguments[operand]);
        if (op.Def == Op.Return) return IsSparse(IrModule.TypeOf(op.Parent!.Parent.Parent).Results[operand]);
        if (op.Def == Op.Yield)
        {
            var holder = op.Parent!.Parent.Parent;
            return IsSparse(holder.Def == Op.If ? holder.Results[operand] : holder.Regions[0].Block.Arguments[operand + (holder.Def == Op.For ? 1 : 0)]);
        }
        return RepresentationRules.Takes(op, operand);
    }

    static void FuseLargest(Operation op)
    {
        if (op.Def != Op.MaxRow || op.Operands[0] is not { Uses.Count: 1, Producer: { } times } || times.Def != Op.EwMul) return;
        var (matrix, row) = (times.Operands[0], times.Operands[1]);
        if (!IsSparse(matrix) || row.Type is not MatrixType { Representation: Representation.Dense, Rows: 1 } || matrix.Type.ValueType() != row.Type.ValueType()) return;
        var fused = op.Parent!.Insert(new(Op.MaxRowTimes, [matrix, row], [op.Result.Type], op.Span), op);
        op.Result.ReplaceAllUsesWith(fused.Result);
        op.Erase();
        times.Erase();
    }

    static bool IsSparse(Value value) => IsSparse(value.Type);

    static bool IsSparse(IrType type) => type is MatrixType { Representation: Representation.Sparse };

    // What main returns goes to the host, and within a recursion nobody knows yet what comes back: both are dense.
    sealed class Estimates(IrModule module, double threshold) : TypeRefinement
    {
        readonly HashSet<string> denseResults = ["main", .. Recursive(module)];

        public bool AnySparse { get; private set; }

        public override void Refine(Operation op)
        {
            if (op.Regions.Count > 0 || op.Results is not [{ Type: MatrixType type } result]) return;
            type = type with { Sparsity = SparsityRules.Of(op), Symmetric = SymmetryRules.Of(op) };
            result.Type = type with { Representation = RepresentationRules.Of(op, type, threshold) };
            AnySparse |= IsSparse(result);
        }

        public override IrType Returned(Operation function, IrType type) =>
            type is MatrixType matrix && denseResults.Contains(IrModule.NameOf(function)) ? matrix with { Representation = Representation.Dense } : type;

        static HashSet<string> Recursive(IrModule module)
        {
            Dictionary<string, HashSet<string>> calls = [];
            foreach (var function in module.Functions)
            {
                HashSet<string> called = [];
                ForEach(function.Regions[0], op =>
                {
                    if (op.Def == Op.Call) called.Add(((SymbolAttribute)op.Attributes["callee"]).Name);
                });
                calls[IrModule.NameOf(function)] = called;
            }
            return [.. calls.Keys.Where(name => Reaches(calls, name))];
        }

        static bool Reaches(Dictionary<string, HashSet<string>> calls, string name)
        {
            HashSet<string> seen = [];
            Stack<string> open = new(calls[name]);
            while (open.TryPop(out string? next))
            {
                if (next == name) return true;
                if (seen.Add(next))
                    foreach (string further in calls[next]) open.Push(further);
            }
            return false;
        }
    }
}
