using System.Runtime.CompilerServices;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Runtime;

/// <summary>What a script finds behind <c>$name</c>. Data objects stay the caller's: the script reads them and never writes into them.</summary>
public sealed class ScriptInputs
{
    readonly Dictionary<string, ArgumentBinding> bindings = new(StringComparer.Ordinal);
    readonly Dictionary<string, StrongBox<Datum>> values = new(StringComparer.Ordinal);

    /// <summary>A value.</summary>
    /// <exception cref="ScriptException">The name is given twice, or scripts cannot take such a value.</exception>
    public ScriptInputs Add(string name, Datum value)
    {
        if (value.Type is { } type) return Add(name, ArgumentBinding.Literal(type, Boxed(type, value)), value);
        if (value.Object is Matrix m)
        {
            var matrix = (MatrixType)IrType.Matrix(m.ValueType, m.Rows, m.Cols);
            if (CsrMatrix.Is(m))
            {
                double share = (double)CsrMatrix.StoredOf(m) / Math.Max(1, m.Cells);
                LargestShare = Math.Max(LargestShare ?? 0, share);
                matrix = matrix with { Representation = Representation.Sparse, Sparsity = share };
            }
            return Add(name, ArgumentBinding.Input(matrix), value);
        }
        if (value.Object is Frame f) return Add(name, ArgumentBinding.Input(new FrameType([.. Enumerable.Range(0, f.Cols).Select(i => (ValueTypeCode?)f.ValueType(i))], f.Rows, f.Labels)), value);
        throw new ScriptException(Diag.NotThisTypeYet.At(default, "a script argument", value.Object.GetType().Name));
    }

    /// <summary>A literal as the command line has it, for instance <c>-1.5</c>, <c>true</c> or <c>"text"</c> with its quotes.</summary>
    /// <exception cref="ScriptException">The text is not one literal, or the name is given twice.</exception>
    public ScriptInputs AddLiteral(string name, string text)
    {
        var (type, value) = ScriptArguments.ParseLiteral(name, text);
        return Add(name, ArgumentBinding.Literal(type, value), default);
    }

    internal IReadOnlyDictionary<string, ArgumentBinding> Bindings => bindings;

    /// <summary>The largest share of stored cells in sparse matrices among them, which the compiler has to take as sparse; null where all are dense.</summary>
    internal double? LargestShare { get; private set; }

    internal Datum this[string name] => values[name].Value;

    ScriptInputs Add(string name, ArgumentBinding binding, Datum value)
    {
        if (!bindings.TryAdd(name, binding)) throw new ScriptException(Diag.InputTwice.At(default, name));
        values.Add(name, new(value));
        return this;
    }

    static object Boxed(ValueTypeCode type, Datum value) => type switch
    {
        ValueTypeCode.Str => value.Text,
        ValueTypeCode.F64 => BitConverter.UInt64BitsToDouble(value.Bits),
        ValueTypeCode.F32 => BitConverter.UInt32BitsToSingle((uint)value.Bits),
        ValueTypeCode.Bool => value.Bits != 0,
        ValueTypeCode.SI64 or ValueTypeCode.SI32 or ValueTypeCode.SI8 => (long)value.Bits,
        _ => value.Bits,
    };
}
