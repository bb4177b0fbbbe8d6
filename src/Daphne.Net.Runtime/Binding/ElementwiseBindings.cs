using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Operations cell by cell, on scalars and on matrices.</summary>
static class ElementwiseBindings
{
    public static IEnumerable<Binding> Rows =>
        Op.All.Where(op => op.Is(OpTraits.Elementwise) && op.Arity is 1 or 2 && op != Op.Cast).Select(op => new Binding(op, Bind));

    static Step Bind(Operation op, Emitter e)
    {
        var code = ComputesIn(op);
        if (code == ValueTypeCode.Str) return TextSteps.Bind(op, e);
        if (op.Results[0].Type.CellType() is { } result && !MatrixCast.SameStorage(result, code))
            throw Diag.MalformedProgram.Raise($"{op.Def.Name} on {code.IrName()} has no result of {result.IrName()}");
        return DenseMatrix.Dispatch<Visitor, Step>(code, new(op, e));
    }

    /// <summary>The value type of the cells an operation computes with; for comparisons, and what is typed like them, that of the operands.</summary>
    static ValueTypeCode ComputesIn(Operation op)
    {
        ValueTypeCode? code = op.Def.Type switch
        {
            TypeRule.Compare or TypeRule.KeepFirst => op.Operands.Select(v => v.Type.CellType()).Aggregate((ValueTypeCode?)ValueTypeCode.Bool, Join),
            _ => op.Results[0].Type.CellType(),
        };
        return code ?? throw Diag.TypeNotKnown.Raise(op.Def.ScriptName, op.Results[0].Type);

        ValueTypeCode? Join(ValueTypeCode? a, ValueTypeCode? b) => a is { } x && b is { } y ? ValueTypes.MostGeneral(x, y) : null;
    }

    readonly struct Visitor(Operation op, Emitter e) : IStorageVisitor<Step>
    {
        public Step Visit<T>() where T : unmanaged
        {
            if (op.Operands.Count == 1)
            {
                var kernel = EwUnary.Kernel<T>(op.Def) ?? throw NoKernel<T>();
                return op.Operands[0].Type is ScalarType ? ScalarStep(kernel) : MatrixStep(kernel);
            }
            var binary = EwBinary.Kernel<T>(op.Def) ?? throw NoKernel<T>();
            return (op.Operands[0].Type, op.Operands[1].Type) switch
            {
                (ScalarType, ScalarType) => ScalarStep(binary),
                (_, ScalarType) => RightScalarStep(binary),
                (ScalarType, _) => LeftScalarStep(binary),
                _ => MatrixStep(binary),
            };
        }

        RaisedException NoKernel<T>() => Diag.NotThisTypeYet.Raise(op.Def.ScriptName, ValueTypes.Of<T>().DslName());

        Step ScalarStep<T>(EwUnaryKernel<T> kernel) where T : unmanaged
        {
            int x = e.Number<T>(op, 0), to = e.Number(op.Result);
            return new Do(f => f.SetScalar(to, kernel.Invoke(f.Scalar<T>(x))));
        }

        Step ScalarStep<T>(EwBinaryKernel<T> kernel) where T : unmanaged
        {
            int x = e.Number<T>(op, 0), y = e.Number<T>(op, 1), to = e.Number(op.Result);
            return new Do(f => f.SetScalar(to, kernel.InvokeScalar(f.Scalar<T>(x), f.Scalar<T>(y))));
        }

        Step MatrixStep<T>(EwUnaryKernel<T> kernel) where T : unmanaged
        {
            int x = e.Dense<T>(op, 0), to = e.Object(op.Result);
            bool mayOverwrite = e.MayOverwrite(op, 0, x);
            return new Do(f =>
            {
                var source = f.Dense<T>(x);
                var target = Target.Over(f, to, source, mayOverwrite);
                f.Own(to, target);
                ElementwiseRanges.Unary(f, kernel, source, target);
            });
        }

        Step RightScalarStep<T>(EwBinaryKernel<T> kernel) where T : unmanaged
        {
            int x = e.Dense<T>(op, 0), y = e.Number<T>(op, 1), to = e.Object(op.Result);
            bool mayOverwrite = e.MayOverwrite(op, 0, x);
            return new Do(f =>
            {
                var left = f.Dense<T>(x);
                var target = Target.Over(f, to, left, mayOverwrite);
                f.Own(to, target);
                ElementwiseRanges.RightScalar(f, kernel, left, f.Scalar<T>(y), target);
            });
        }

        Step LeftScalarStep<T>(EwBinaryKernel<T> kernel) where T : unmanaged
        {
            int x = e.Number<T>(op, 0), y = e.Dense<T>(op, 1), to = e.Object(op.Result);
            bool mayOverwrite = e.MayOverwrite(op, 1, y);
            return new Do(f =>
            {
                var right = f.Dense<T>(y);
                var target = Target.Over(f, to, right, mayOverwrite);
                f.Own(to, target);
                ElementwiseRanges.LeftScalar(f, kernel, f.Scalar<T>(x), right, target);
            });
        }

        Step MatrixStep<T>(EwBinaryKernel<T> kernel) where T : unmanaged
        {
            int x = e.Dense<T>(op, 0), y = e.Dense<T>(op, 1), to = e.Object(op.Result);
            bool overLeft = e.MayOverwrite(op, 0, x), overRight = e.MayOverwrite(op, 1, y);
            return new Do(f =>
            {
                DenseMatrix<T> left = f.Dense<T>(x), right = f.Dense<T>(y);
                var target = Target.Over(f, to, left, overLeft, right, overRight);
                f.Own(to, target);
                ElementwiseRanges.Binary(f, kernel, left, right, target);
            });
        }
    }
}
