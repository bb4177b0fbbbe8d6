using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>A module made ready to run: typed slots, and steps that were bound once to the kernels for their types. Many threads may run one program.</summary>
public sealed class Program
{
    readonly FunctionCode main;

    internal Program(FunctionCode main) => this.main = main;

    /// <summary>What goes in.</summary>
    public ImmutableArray<IrType> ParameterTypes => [.. main.Parameters.Select(p => p.Type)];

    /// <summary>What comes out.</summary>
    public ImmutableArray<IrType> ResultTypes => [.. main.Results.Select(r => r.Type)];

    /// <summary>
    /// Runs to the end on the calling thread. The caller keeps owning the inputs and owns the results. Deep recursion of the script needs a deep
    /// stack: <see cref="DeepStack"/>.
    /// </summary>
    /// <exception cref="ScriptException">An operation failed; the diagnostic names its place.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="RaisedException">The inputs do not fit the parameters.</exception>
    public Datum[] Run(ReadOnlySpan<Datum> inputs, RunContext context)
    {
        RequireInputs(inputs);
        return RunUnchecked(inputs, context);
    }

    /// <summary>The same without a look at the inputs, for row ranges of values whose type names all rows.</summary>
    /// <param name="inputs">As for <see cref="Run"/>.</param>
    /// <param name="context">As for <see cref="Run"/>.</param>
    /// <param name="windows">Per result null, or where it is to be written if it is computed cell by cell; a result that is written there is that object.</param>
    internal Datum[] RunUnchecked(ReadOnlySpan<Datum> inputs, RunContext context, ReadOnlySpan<Matrix?> windows = default)
    {
        var calls = new CallStack();
        var activation = new Activation(main, context, calls);
        calls.Enter(activation, main.Name);
        if (windows.Length > 0) activation.Windows = WindowsBySlot(windows);
        try
        {
            for (int i = 0; i < inputs.Length; i++) Put(activation, main.Parameters[i], inputs[i]);
            main.Body.Run(activation);
            var results = new Datum[main.Results.Length];
            for (int i = 0; i < results.Length; i++) results[i] = Get(activation, main.Results[i]);
            return results;
        }
        catch
        {
            calls.ReleaseAll();
            throw;
        }
    }

    Matrix?[] WindowsBySlot(ReadOnlySpan<Matrix?> windows)
    {
        var bySlot = new Matrix?[main.ObjectSlots];
        for (int i = 0; i < windows.Length; i++)
            if (main.Returned[i] >= 0) bySlot[main.Returned[i]] = windows[i];
        return bySlot;
    }

    internal void RequireInputs(ReadOnlySpan<Datum> inputs)
    {
        if (inputs.Length != main.Parameters.Length) throw Diag.WrongArgumentCount.Raise(main.Name, main.Parameters.Length, inputs.Length);
        for (int i = 0; i < inputs.Length; i++)
            if (!Fits(inputs[i], main.Parameters[i].Type)) throw Diag.WrongArgumentType.Raise(i + 1, main.Name, Describe(inputs[i]), main.Parameters[i].Type);
    }

    static bool Fits(in Datum value, IrType type) => type switch
    {
        ScalarType s => value.Type == s.ValueType,
        MatrixType m => !value.IsScalar && value.Object is Matrix x && x.ValueType == Stored(m.ValueType) && CsrMatrix.Is(x) == (m.Representation == Representation.Sparse)
            && (m.Rows < 0 || m.Rows == x.Rows) && (m.Cols < 0 || m.Cols == x.Cols),
        FrameType f => !value.IsScalar && value.Object is Frame x && (f.Rows < 0 || f.Rows == x.Rows) && (f.Columns.IsDefault || f.Columns.Length == x.Cols && Fits(x, f)),
        _ => !value.IsScalar,
    };

    static bool Fits(Frame frame, FrameType type)
    {
        for (int i = 0; i < frame.Cols; i++)
            if (type.Columns[i] is { } code && code != frame.ValueType(i)) return false;
        return type.Labels.IsDefault || type.Labels.SequenceEqual(frame.Labels);
    }

    // Sizes are stored as ui64, so a matrix of sizes says that it is one of ui64.
    static ValueTypeCode? Stored(ValueTypeCode? type) => type == ValueTypeCode.Size ? ValueTypeCode.UI64 : type;

    static string Describe(in Datum value) =>
        value.Type is { } scalar ? scalar.IrName() : value.Object is Matrix m ? (IrType.Matrix(m.ValueType, m.Rows, m.Cols) with { Representation = CsrMatrix.Is(m) ? Representation.Sparse : default }).ToString() : value.Object.GetType().Name;

    internal static void Put(Activation activation, Slot slot, in Datum value)
    {
        if (!slot.IsObject) activation.Bits[slot.Index] = value.Bits;
        else if (value.IsScalar) activation.Own(slot.Index, value.Text);
        else
        {
            value.Object.Retain();
            activation.Own(slot.Index, value.Object);
        }
    }

    internal static Datum Get(Activation activation, Slot slot)
    {
        if (!slot.IsObject) return Datum.OfBits(((ScalarType)slot.Type).ValueType, activation.Bits[slot.Index]);
        object value = activation.Objects[slot.Index]!;
        activation.Objects[slot.Index] = null;
        return value is string text ? Datum.Of(text) : Datum.Of((DataObject)value);
    }
}
