using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>An operand that names a column of a frame: a string with its label, or a number with its position, counted from the end where negative.</summary>
readonly record struct KeyColumn(string Function, bool IsLabel, int Slot)
{
    public static KeyColumn Of(Operation op, int operand, Emitter e) => op.Operands[operand].Type is ScalarType { ValueType: ValueTypeCode.Str }
        ? new(op.Def.ScriptName, true, e.Object(op.Operands[operand]))
        : new(op.Def.ScriptName, false, e.Number<long>(op, operand));

    /// <summary>The position of the column.</summary>
    /// <exception cref="RaisedException">The frame has no such column.</exception>
    public int In(Frame frame, Activation f)
    {
        long position = IsLabel ? frame.IndexOf(f.Text(Slot)) : (long)f.Bits[Slot] is < 0 and var back ? back + frame.Cols : (long)f.Bits[Slot];
        if ((ulong)position < (ulong)frame.Cols) return (int)position;
        throw Diag.KeyMissing.Raise(Function, IsLabel ? f.Text(Slot) : (long)f.Bits[Slot], frame.Cols == 0 ? "no columns" : string.Join(", ", frame.Labels));
    }
}
