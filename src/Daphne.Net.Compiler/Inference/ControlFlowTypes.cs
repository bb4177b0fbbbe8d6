using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>Result types of operations that hold regions, from the values their terminators hand over.</summary>
static class ControlFlowTypes
{
    /// <summary>What both branches yield.</summary>
    public static ImmutableArray<IrType> If(Operation op) => Joined(op.Regions[0].Block.Terminator.Operands, op.Regions[1].Block.Terminator.Operands);

    /// <summary>The initial values (the loop may not run at all) and what the body yields.</summary>
    public static ImmutableArray<IrType> For(Operation op) => Joined(op.Operands.Skip(3), op.Regions[0].Block.Terminator.Operands);

    /// <summary>What the first region hands over, together with its truth value, when the loop ends.</summary>
    public static ImmutableArray<IrType> While(Operation op) => [.. op.Regions[0].Block.Terminator.Operands.Skip(1).Select(v => v.Type)];

    /// <summary>Value types from the body; the numbers of rows and columns are operands behind the inputs.</summary>
    public static ImmutableArray<IrType> Pipeline(Operation op)
    {
        int results = op.Results.Count, inputs = op.Operands.Count - 2 * results;
        return [.. op.Regions[0].Block.Terminator.Operands.Select((v, i) => v.Type switch
        {
            MatrixType m => IrType.Matrix(m.ValueType, KnownIntegers.AsDimension(op.Operands[inputs + i]), KnownIntegers.AsDimension(op.Operands[inputs + results + i])),
            FrameType f => f with { Rows = KnownIntegers.AsDimension(op.Operands[inputs + i]) },
            var other => other,
        })];
    }

    static ImmutableArray<IrType> Joined(IEnumerable<Value> a, IEnumerable<Value> b) => [.. a.Zip(b, (x, y) => TypeFacts.Join(x.Type, y.Type))];
}
