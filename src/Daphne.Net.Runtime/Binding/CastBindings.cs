using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary><c>cast</c>: between value types, between a matrix of one cell and a scalar, between strings and numbers.</summary>
static class CastBindings
{
    public static Binding[] Rows => [new(Op.Cast, Bind)];

    static Step Bind(Operation op, Emitter e) => (op.Operands[0].Type, op.Result.Type) switch
    {
        (ScalarType { ValueType: ValueTypeCode.Str }, ScalarType { ValueType: ValueTypeCode.Str }) => Keep(op, e),
        (ScalarType { ValueType: ValueTypeCode.Str }, ScalarType to) => FromText(op, e, to.ValueType),
        (ScalarType from, ScalarType { ValueType: ValueTypeCode.Str }) => ToText(op, e, from.ValueType),
        (ScalarType, ScalarType to) => Number(op, e, to.ValueType),
        (MatrixType { ValueType: { } from }, MatrixType to) when MatrixCast.SameStorage(from, to.ValueType ?? from) => Keep(op, e),
        (ScalarType { ValueType: not ValueTypeCode.Str }, MatrixType { ValueType: { } to and not ValueTypeCode.Str }) => DenseMatrix.Dispatch<IntoMatrix, Step>(to, new(op, e)),
        (MatrixType { ValueType: { } from and not ValueTypeCode.Str }, MatrixType { ValueType: { } to and not ValueTypeCode.Str }) => DenseMatrix.Dispatch<IntoMatrix, Step>(to, new(op, e)),
        (MatrixType { ValueType: { } from and not ValueTypeCode.Str }, ScalarType to) => DenseMatrix.Dispatch<OneCell, Step>(from, new(op, e, to.ValueType)),
        var (from, to) => throw Diag.NotThisTypeYet.Raise($"a cast to {to}", from),
    };

    static Step Number(Operation op, Emitter e, ValueTypeCode to)
    {
        int from = e.Number(op, 0, to), target = e.Number(op.Result);
        return new Do(f => f.Bits[target] = f.Bits[from]);
    }

    /// <summary>The value as it is.</summary>
    public static Step Keep(Operation op, Emitter e) => new MoveStep(e.Moves(op.Operands, e.Of(op.Results)));

    static Step FromText(Operation op, Emitter e, ValueTypeCode to)
    {
        int x = e.Object(op.Operands[0]), target = e.Number(op.Result);
        return new Do(f => f.Bits[target] = TextMatrixCasts.Parse(f.Text(x), to));
    }

    static Step ToText(Operation op, Emitter e, ValueTypeCode from)
    {
        int x = e.Number(op.Operands[0]), to = e.Object(op.Result);
        return new Do(f => f.Own(to, Printer.Concatenated(Datum.OfBits(from, f.Bits[x]))));
    }

    readonly struct IntoMatrix(Operation op, Emitter e) : IStorageVisitor<Step>
    {
        public Step Visit<T>() where T : unmanaged
        {
            int x = e.Dense<T>(op, 0), to = e.Object(op.Result);
            return new Do(f =>
            {
                var cast = f.Dense<T>(x);
                cast.Retain();
                f.Own(to, cast);
            });
        }
    }

    readonly struct OneCell(Operation op, Emitter e, ValueTypeCode to) : IStorageVisitor<Step>
    {
        public Step Visit<T>() where T : unmanaged
        {
            int x = e.Dense<T>(op, 0);
            if (to == ValueTypeCode.Str)
            {
                int text = e.Object(op.Result);
                return new Do(f => f.Own(text, Printer.Concatenated(Datum.Of(Only(f.Dense<T>(x))))));
            }
            int target = e.Number(op.Result);
            var convert = ScalarCast.Between(ValueTypes.Of<T>(), to) ?? (static b => b);
            return new Do(f => f.Bits[target] = convert(Datum.ToBits(Only(f.Dense<T>(x)))));
        }

        static T Only<T>(DenseMatrix<T> x) where T : unmanaged => x.Cells == 1 ? x[0, 0] : throw Diag.NotOneCell.Raise(x.Rows, x.Cols);
    }
}
