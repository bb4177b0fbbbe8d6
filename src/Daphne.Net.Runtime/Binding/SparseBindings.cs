using System.Numerics;
using Daphne.Net.Compiler;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>
/// Operations with a sparse matrix among their operands or results. Those that are not here take their matrix as it is, whatever it is (its number of rows,
/// its text), or make it dense first.
/// </summary>
static class SparseBindings
{
    /// <summary>What only sparse matrices know.</summary>
    public static Binding[] Rows => [new(Op.MaxRowTimes, Bind)];

    /// <summary>The binder of an operation that has a sparse matrix among its operands or results; null where the usual one will do.</summary>
    public static Binder? For(Operation op) => (OfSparse(op.Operands) || OfSparse(op.Results)) && Handles(op.Def) ? Bind : null;

    /// <summary>True if there is a kernel.</summary>
    public static bool Handles(OpDef op) => op == Op.Cast || SparseSteps<double>.Table.ContainsKey(op);

    static Step Bind(Operation op, Emitter e)
    {
        if (op.Def == Op.Cast) return SparseCasts.Bind(op, e);
        // The cells of the first matrix choose the kernel, whatever the result is.
        IrType decides = op.Results[0].Type;
        foreach (var operand in op.Operands)
            if (operand.Type is MatrixType)
            {
                decides = operand.Type;
                break;
            }
        return SparseStorage.Dispatch<Visitor, Step>(CellTypes.OfCells(op, decides), op.Def.ScriptName, new(op, e));
    }

    public static bool IsSparse(IrType type) => type is MatrixType { Representation: Representation.Sparse };

    static bool OfSparse(IReadOnlyList<Value> values)
    {
        for (int i = 0; i < values.Count; i++)
            if (IsSparse(values[i].Type)) return true;
        return false;
    }

    readonly struct Visitor(Operation op, Emitter e) : INumberVisitor<Step>
    {
        public Step Visit<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => SparseSteps<T>.Table[op.Def](op, e);
    }
}
