using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>
/// The values of one activation of a function: numbers by their storage bits, everything else by reference. A slot that holds a data object owns
/// one reference to it. One thread at a time.
/// </summary>
sealed class Activation(FunctionCode code, RunContext context, CallStack calls)
{
    public readonly ulong[] Bits = code.BitSlots == 0 ? [] : new ulong[code.BitSlots];
    public readonly object?[] Objects = code.ObjectSlots == 0 ? [] : new object?[code.ObjectSlots];
    public readonly RunContext Context = context;
    public readonly CallStack Calls = calls;

    /// <summary>By slot: matrices that results of elementwise operations are to be written into, if their shape fits. Owned by the caller of the program.</summary>
    public Matrix?[]? Windows;

    public T Scalar<T>(int slot) where T : unmanaged => Datum.FromBits<T>(Bits[slot]);

    public void SetScalar<T>(int slot, T value) where T : unmanaged => Bits[slot] = Datum.ToBits(value);

    public string Text(int slot) => (string)Objects[slot]!;

    /// <summary>The matrix in a slot, fetched if it lies elsewhere. The slot keeps owning it.</summary>
    public DenseMatrix<T> Dense<T>(int slot) where T : unmanaged =>
        Objects[slot] as DenseMatrix<T> ?? ((Matrix)Objects[slot]!).Here() as DenseMatrix<T> ??
        throw Diag.WrongRepresentation.Raise(ValueTypes.Of<T>().DslName(), Describe(Objects[slot]));

    /// <summary>The sparse matrix in a slot, fetched if it lies elsewhere. The slot keeps owning it.</summary>
    public CsrMatrix<T> Sparse<T>(int slot) where T : unmanaged =>
        Objects[slot] as CsrMatrix<T> ?? ((Matrix)Objects[slot]!).Here() as CsrMatrix<T> ??
        throw Diag.WrongRepresentation.Raise("sparse " + ValueTypes.Of<T>().DslName(), Describe(Objects[slot]));

    /// <summary>The matrix in a slot whatever its value type.</summary>
    public Matrix Matrix(int slot) => ((Matrix)Objects[slot]!).Here();

    /// <summary>The value in a slot, whatever it is; the slot keeps owning it.</summary>
    public Datum Look(Slot slot) =>
        !slot.IsObject ? Datum.OfBits(((ScalarType)slot.Type).ValueType, Bits[slot.Index])
        : Objects[slot.Index] is string text ? Datum.Of(text)
        : Datum.Of(((DataObject)Objects[slot.Index]!).Here());

    /// <summary>Puts an object with one reference, which the slot owns from now on, where nothing was.</summary>
    public void Own(int slot, object value) => Objects[slot] = value;

    /// <summary>Gives up what a slot owns.</summary>
    public void Release(int slot)
    {
        var value = Objects[slot] as DataObject;
        Objects[slot] = null;
        value?.Release();
    }

    /// <summary>Gives up everything: when an activation ends by an exception.</summary>
    public void ReleaseAll()
    {
        for (int i = 0; i < Objects.Length; i++) Release(i);
    }

    static string Describe(object? value) => value is Matrix m ? $"a matrix of {m.ValueType.DslName()}" : value?.GetType().Name ?? "nothing";
}
