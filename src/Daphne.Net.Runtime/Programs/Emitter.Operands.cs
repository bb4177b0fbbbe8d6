using System.Numerics;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Operands as kernels want them: where the value type differs, a cast goes in front of the operation.</summary>
sealed partial class Emitter
{
    /// <summary>The slot of a number as <typeparamref name="T"/>.</summary>
    public int Number<T>(Operation op, int operand) where T : unmanaged => Number(op, operand, ValueTypes.Of<T>());

    /// <summary>The slot of a number of a value type.</summary>
    public int Number(Operation op, int operand, ValueTypeCode wanted)
    {
        var value = op.Operands[operand];
        int from = Number(value);
        if (ScalarCast.Between(((ScalarType)value.Type).ValueType, wanted) is not { } convert) return from;
        int to = NewSlot(IrType.Scalar(wanted)).Index;
        Before(new Do(f => f.Bits[to] = convert(f.Bits[from])), op);
        return to;
    }

    /// <summary>The slot of a number of rows, columns or cells; read it with <see cref="Extents.Extent"/>.</summary>
    public int Size(Operation op, int operand) => Number(op, operand, ValueTypeCode.SI64);

    /// <summary>The slot of a string; a number becomes what it adds to a string.</summary>
    public int Text(Operation op, int operand)
    {
        var value = op.Operands[operand];
        if (value.Type is not ScalarType { ValueType: not ValueTypeCode.Str and var code }) return Object(value);
        int from = Number(value), to = Temporary();
        Before(new Do(f => f.Own(to, Printer.Concatenated(Datum.OfBits(code, f.Bits[from])))), op);
        return to;
    }

    /// <summary>The slot of a dense matrix of <typeparamref name="T"/>; a number becomes a matrix of one cell.</summary>
    public int Dense<T>(Operation op, int operand) where T : unmanaged
    {
        var value = op.Operands[operand];
        if (value.Type is ScalarType)
        {
            int number = Number<T>(op, operand), one = Temporary();
            Before(new Do(f => f.Own(one, DenseMatrix<T>.Copy([f.Scalar<T>(number)], 1, 1))), op);
            return one;
        }
        int from = Object(value);
        if (value.Type is not MatrixType { ValueType: { } code, Representation: var stored }) throw Diag.TypeNotKnown.Raise(op.Def.ScriptName, value.Type);
        if (stored == Representation.Sparse)
        {
            int cells = Temporary(), packed = from;
            var unpack = SparseStorage.ToDense(code);
            Before(new Do(f => f.Own(cells, unpack(f, packed))), op);
            from = cells;
        }
        if (code == ValueTypeCode.Str) throw Diag.TextOperand.Raise($"'{op.Def.ScriptName}'");
        if (MatrixCast.SameStorage(code, ValueTypes.Of<T>())) return from;
        int to = Temporary();
        var cast = MatrixCast.ByRows<T>(code);
        Before(new Do(f => f.Own(to, cast(f.Context, f.Matrix(from)))), op);
        return to;
    }

    /// <summary>The slot of a sparse matrix of <typeparamref name="T"/>.</summary>
    public int Sparse<T>(Operation op, int operand) where T : unmanaged, INumber<T>
    {
        if (op.Operands[operand].Type is MatrixType { Representation: Representation.Sparse, ValueType: { } code } && MatrixCast.SameStorage(code, ValueTypes.Of<T>())) return Object(op.Operands[operand]);
        int from = Dense<T>(op, operand), to = Temporary();
        Before(new Do(f => f.Own(to, Compression.ToSparse(f.Dense<T>(from), f.Context.Tasks()))), op);
        return to;
    }

    /// <summary>The slot of a matrix of <typeparamref name="T"/> that is as its type says; read it with <see cref="Activation.Matrix"/>.</summary>
    public int Either<T>(Operation op, int operand) where T : unmanaged, INumber<T> =>
        op.Operands[operand].Type is MatrixType { Representation: Representation.Sparse } ? Sparse<T>(op, operand) : Dense<T>(op, operand);

    /// <summary>True if a step may write into what lies in the slot of an operand, provided that it is exclusive.</summary>
    public bool MayOverwrite(Operation op, int operand, int slot) => temporaries.Contains(slot) || Dies(op.Operands[operand]);
}

static class Extents
{
    /// <summary>A number of rows, columns or cells.</summary>
    /// <exception cref="RaisedException">It is negative.</exception>
    public static long Extent(this Activation activation, int slot)
    {
        long extent = (long)activation.Bits[slot];
        return extent >= 0 ? extent : throw Diag.NegativeSize.Raise(extent);
    }
}
