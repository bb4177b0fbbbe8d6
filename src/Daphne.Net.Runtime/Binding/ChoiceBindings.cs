using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary><c>condition ? yes : no</c>: one of two values by a scalar, or cell by cell.</summary>
static class ChoiceBindings
{
    public static Binding[] Rows => [new(Op.Cond, Bind)];

    public static Step Bind(Operation op, Emitter e) => (op.Operands[0].Type, op.Result.Type) switch
    {
        (ScalarType, ScalarType { ValueType: ValueTypeCode.Str }) => ByFlag(op, e, e.Text(op, 1), e.Text(op, 2)),
        (ScalarType, ScalarType result) => Numbers(op, e, result.ValueType),
        (ScalarType, MatrixType { ValueType: { } code and not ValueTypeCode.Str }) => DenseMatrix.Dispatch<Whole, Step>(code, new(op, e)),
        (ScalarType, _) => ByFlag(op, e, e.Object(op.Operands[1]), e.Object(op.Operands[2])),
        (MatrixType { ValueType: { } condition and not ValueTypeCode.Str }, MatrixType { ValueType: { } result and not ValueTypeCode.Str }) =>
            DenseMatrix.Dispatch<ByCells, Step>(condition, new(op, e, result)),
        var (condition, result) => throw Diag.NotThisTypeYet.Raise($"'?:' with {result}", condition),
    };

    static Step Numbers(Operation op, Emitter e, ValueTypeCode code)
    {
        int flag = e.Flag(op, 0), yes = e.Number(op, 1, code), no = e.Number(op, 2, code), to = e.Number(op.Result);
        return new Do(f => f.Bits[to] = f.Bits[f.Bits[flag] != 0 ? yes : no]);
    }

    static Step ByFlag(Operation op, Emitter e, int yes, int no)
    {
        int flag = e.Flag(op, 0), to = e.Object(op.Result);
        return new Do(f =>
        {
            object chosen = f.Objects[f.Bits[flag] != 0 ? yes : no]!;
            (chosen as DataObject)?.Retain();
            f.Own(to, chosen);
        });
    }

    readonly struct Whole(Operation op, Emitter e) : IStorageVisitor<Step>
    {
        public Step Visit<T>() where T : unmanaged => ByFlag(op, e, e.Dense<T>(op, 1), e.Dense<T>(op, 2));
    }

    readonly struct ByCells(Operation op, Emitter e, ValueTypeCode result) : IStorageVisitor<Step>
    {
        public Step Visit<TCondition>() where TCondition : unmanaged => DenseMatrix.Dispatch<Arms<TCondition>, Step>(result, new(op, e));
    }

    readonly struct Arms<TCondition>(Operation op, Emitter e) : IStorageVisitor<Step> where TCondition : unmanaged
    {
        public Step Visit<T>() where T : unmanaged
        {
            int condition = e.Dense<TCondition>(op, 0), to = e.Object(op.Result);
            Func<Activation, Arm<T>> yes = ArmOf<T>(1), no = ArmOf<T>(2);
            return new Do(f =>
            {
                var test = f.Dense<TCondition>(condition);
                var target = DenseMatrix<T>.Allocate(test.Rows, test.Cols);
                f.Own(to, target);
                Choice.Apply(test, yes(f), no(f), target);
            });
        }

        Func<Activation, Arm<T>> ArmOf<T>(int operand) where T : unmanaged
        {
            if (op.Operands[operand].Type is ScalarType)
            {
                int number = e.Number<T>(op, operand);
                return f => f.Scalar<T>(number);
            }
            int matrix = e.Dense<T>(op, operand);
            return f => f.Dense<T>(matrix);
        }
    }
}
