using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>When an operation of a pipeline runs.</summary>
enum Phase : byte
{
    /// <summary>Once, before all batches.</summary>
    Whole,
    /// <summary>In every batch.</summary>
    Row,
    /// <summary>Takes in the rows of every batch and yields when all are in.</summary>
    Fold,
    /// <summary>Once, behind all batches.</summary>
    Late,
}

/// <summary>Says of every operation of a pipeline in which phase it runs, and of every value of a batch what becomes of it.</summary>
sealed class RowPhases
{
    static readonly OpDef[] folds = [Op.SumAll, Op.MinAll, Op.MaxAll, Op.SumCol, Op.MinCol, Op.MaxCol];

    readonly Dictionary<Value, Phase> phases = [];
    readonly HashSet<Value> oneRow = [];
    readonly List<Operation> operations = [];
    // t(rows) as a result that is put together column by column: a batch makes its columns.
    readonly HashSet<Operation> turned = [];

    public RowPhases(Operation pipeline, IReadOnlyList<CombineKind> combines, IReadOnlyList<InputKind> kinds)
    {
        var body = pipeline.Regions[0].Block;
        for (int i = 0; i < kinds.Count; i++)
        {
            phases[body.Arguments[i]] = kinds[i] == InputKind.Rows ? Phase.Row : Phase.Whole;
            if (kinds[i] == InputKind.OneRow) oneRow.Add(body.Arguments[i]);
        }
        foreach (var op in body.Operations)
        {
            if (op == body.Terminator) break;
            operations.Add(op);
            var phase = PhaseOf(op);
            foreach (var result in op.Results) phases[result] = phase;
        }
        ChooseOutputs(body.Terminator, combines);
    }

    /// <summary>What batches produce.</summary>
    public List<RowOutput> Outputs { get; } = [];

    /// <summary>The operations of a phase, in order.</summary>
    public Operation[] In(Phase phase) => [.. operations.Where(op => Of(op) == phase)];

    Phase Of(Operation op) => turned.Contains(op) ? Phase.Row : phases[op.Results[0]];

    Phase PhaseOf(Operation op)
    {
        if (op.Operands.All(v => phases[v] == Phase.Whole)) return Phase.Whole;
        if (op.Operands.Any(v => phases[v] is Phase.Late or Phase.Fold)) return Phase.Late;
        if (WorksRowByRow(op)) return Phase.Row;
        return folds.Contains(op.Def) ? Phase.Fold : Phase.Late;
    }

    // Row r of the result depends on row r of the operands that come in rows and on nothing else that changes from batch to batch.
    bool WorksRowByRow(Operation op)
    {
        if (op.Def.Split is not { Combine: CombineKind.Rows, Selects: false } split || op.Results[0].Type is not MatrixType) return false;
        if (op.Def == Op.MatMul && op.Operands[2].Constant is not false) return false;
        for (int i = 0; i < op.Operands.Count; i++)
        {
            var operand = op.Operands[i];
            if (phases[operand] == Phase.Row)
            {
                if (split.Of(i) != SplitKind.Rows) return false;
            }
            else if (operand.Type is not ScalarType && split.Of(i) == SplitKind.Rows)
            {
                // A whole value meets rows: only as the repeated row on the right of an elementwise operation.
                bool repeated = op.Def.Is(OpTraits.Elementwise) && op.Def.Arity == 2 && i == 1 && (oneRow.Contains(operand) || operand.Type is MatrixType { Rows: 1 });
                if (!repeated) return false;
            }
        }
        return true;
    }

    void ChooseOutputs(Operation terminator, IReadOnlyList<CombineKind> combines)
    {
        for (int r = 0; r < combines.Count; r++)
            if (combines[r] == CombineKind.Cols && terminator.Operands[r] is { Producer: { } op } result && op.Def == Op.Transpose
                && phases[op.Operands[0]] == Phase.Row && result.Uses.All(u => u.User == terminator) && turned.Add(op))
                Outputs.Add(new(result, OutputKind.Cols, null));
        foreach (var op in operations)
        {
            if (Of(op) == Phase.Fold) Outputs.Add(new(op.Operands[0], OutputKind.Fold, op));
            // Inputs are there as a whole already; only what batches compute is collected.
            if (Of(op) == Phase.Row && !turned.Contains(op) && op.Results[0].Uses.Any(u => u.User == terminator || Of(u.User) == Phase.Late))
                Outputs.Add(new(op.Results[0], OutputKind.Rows, null));
        }
    }
}
