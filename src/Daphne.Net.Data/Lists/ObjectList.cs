using System.Buffers;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>A list of matrices of one value type, in any shapes. Copies share the elements. Only who finds it <see cref="IsExclusive"/>, or has made it, changes it.</summary>
public sealed class ObjectList : DataObject
{
    readonly List<Matrix> elements;

    /// <summary>A list of these elements. It takes over one owner of each: the caller retains what it wants to keep.</summary>
    /// <param name="elementType">The value type of every element; what the print form of an empty list says.</param>
    /// <param name="elements">The elements, in this process.</param>
    /// <exception cref="ArgumentException">An element has another value type.</exception>
    public ObjectList(ValueTypeCode elementType, IReadOnlyList<Matrix> elements)
    {
        (ElementType, this.elements) = (elementType, new(elements.Count));
        foreach (var element in elements) Add(element);
    }

    /// <summary>The value type of every element.</summary>
    public ValueTypeCode ElementType { get; }

    /// <summary>The number of elements.</summary>
    public int Length => elements.Count;

    /// <summary>Element <paramref name="index"/>; the list keeps owning it.</summary>
    public Matrix this[int index] => elements[index];

    /// <summary>True if the one owner of this object may change it: nobody else sees it.</summary>
    public bool IsExclusive => Owners == 1 && Companion is null;

    /// <summary>A list of the same elements.</summary>
    public ObjectList Copy()
    {
        foreach (var element in elements) element.Retain();
        return new(ElementType, elements);
    }

    /// <summary>Puts an element behind the others and takes over one owner of it.</summary>
    /// <exception cref="ArgumentException">It has another value type.</exception>
    public void Add(Matrix element)
    {
        if (element.ValueType != ElementType) throw new ArgumentException($"a matrix of {element.ValueType.DslName()} in a list of matrices of {ElementType.DslName()}", nameof(element));
        elements.Add(element);
    }

    /// <summary>Takes an element out; the caller owns it.</summary>
    public Matrix RemoveAt(int index)
    {
        var element = elements[index];
        elements.RemoveAt(index);
        return element;
    }

    /// <inheritdoc/>
    public override string Header => $"List({elements.Count}, DenseMatrix, {ElementType.PrintedName()})";

    /// <inheritdoc/>
    public override void Print(IBufferWriter<byte> utf8)
    {
        Printer.Put(Header, utf8);
        Printer.Put((byte)'\n', utf8);
        foreach (var element in elements) element.Print(utf8);
    }

    /// <inheritdoc/>
    protected override void Free()
    {
        foreach (var element in elements) element.Release();
    }
}
