using System.Buffers;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>A list of matrices of one value type, in any shapes. Never changed: appending and removing make new lists that share the elements.</summary>
public sealed class ObjectList : DataObject
{
    readonly Matrix[] elements;

    /// <summary>A list of these elements. It takes over one owner of each: the caller retains what it wants to keep.</summary>
    /// <param name="elementType">The value type of every element; what the print form of an empty list says.</param>
    /// <param name="elements">The elements, in this process.</param>
    /// <exception cref="ArgumentException">An element has another value type.</exception>
    public ObjectList(ValueTypeCode elementType, IReadOnlyList<Matrix> elements)
    {
        foreach (var element in elements)
            if (element.ValueType != elementType) throw new ArgumentException($"a matrix of {element.ValueType.DslName()} in a list of matrices of {elementType.DslName()}", nameof(elements));
        (ElementType, this.elements) = (elementType, [.. elements]);
    }

    /// <summary>The value type of every element.</summary>
    public ValueTypeCode ElementType { get; }

    /// <summary>The number of elements.</summary>
    public int Length => elements.Length;

    /// <summary>Element <paramref name="index"/>; the list keeps owning it.</summary>
    public Matrix this[int index] => elements[index];

    /// <inheritdoc/>
    public override string Header => $"List({elements.Length}, DenseMatrix, {ElementType.PrintedName()})";

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
