using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Strings put in the place of others, and strings chosen by a condition.</summary>
static class TextMatrixChoice
{
    public static Step Replaced(Operation op, Emitter e)
    {
        int x = e.Object(op.Operands[0]), pattern = e.Text(op, 1), replacement = e.Text(op, 2), to = e.Object(op.Result);
        return new Do(f =>
        {
            var source = (StringMatrix)f.Matrix(x);
            string wanted = f.Text(pattern), put = f.Text(replacement);
            var result = StringMatrix.Allocate(source.Rows, source.Cols, out var cells);
            for (int i = 0; i < cells.Length; i++) cells[i] = source.Span[i] == wanted ? put : source.Span[i];
            f.Own(to, result);
        });
    }

    // A scalar chooses one of the two as a whole.
    public static Step Chosen(Operation op, Emitter e) => op.Operands[0].Type is MatrixType { ValueType: { } code }
        ? DenseMatrix.Dispatch<ByCells, Step>(code, new(op, e)) : ChoiceBindings.Bind(op, e);

    readonly struct ByCells(Operation op, Emitter e) : IStorageVisitor<Step>
    {
        public Step Visit<T>() where T : unmanaged
        {
            int condition = e.Dense<T>(op, 0), to = e.Object(op.Result);
            Func<Activation, int, string> yes = Arm(1), no = Arm(2);
            int[] matrices = MatrixArms();
            return new Do(f =>
            {
                var test = f.Dense<T>(condition);
                var result = StringMatrix.Allocate(test.Rows, test.Cols, out var cells);
                var holds = test.Span(0, cells.Length);
                foreach (int slot in matrices) CheckShape(test, f.Matrix(slot));
                for (int i = 0; i < cells.Length; i++) cells[i] = Condition.Holds(holds[i]) ? yes(f, i) : no(f, i);
                f.Own(to, result);
            });
        }

        Func<Activation, int, string> Arm(int operand)
        {
            if (op.Operands[operand].Type is ScalarType)
            {
                int text = e.Text(op, operand);
                return (f, _) => f.Text(text);
            }
            int matrix = e.Object(op.Operands[operand]);
            return (f, i) => ((StringMatrix)f.Matrix(matrix)).Span[i];
        }

        int[] MatrixArms()
        {
            List<int> slots = [];
            for (int operand = 1; operand < 3; operand++)
                if (op.Operands[operand].Type is MatrixType) slots.Add(e.Object(op.Operands[operand]));
            return [.. slots];
        }

        static void CheckShape(Matrix condition, Matrix arm)
        {
            if (arm.Rows != condition.Rows || arm.Cols != condition.Cols) throw Diag.AlternativeOfOtherShape.Raise($"{condition.Rows}x{condition.Cols}", $"{arm.Rows}x{arm.Cols}");
        }
    }
}
