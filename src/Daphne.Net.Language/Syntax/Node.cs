using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>A node of the syntax tree. Nodes are immutable; equality is structural and ignores places, so that parse∘print = identity can be stated.</summary>
public abstract record Node
{
    /// <summary>Where it stands in the script.</summary>
    public SourceSpan Span { get; init; }

    // Places never take part in equality: derived records compare through this.
    /// <inheritdoc/>
    public virtual bool Equals(Node? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc/>
    public override int GetHashCode() => EqualityContract.GetHashCode();
}

/// <summary>A list of nodes with structural equality.</summary>
public sealed class NodeList<T>(params T[] items) : IReadOnlyList<T>, IEquatable<NodeList<T>>
{
    /// <inheritdoc/>
    public T this[int index] => items[index];

    /// <inheritdoc/>
    public int Count => items.Length;

    /// <inheritdoc/>
    public bool Equals(NodeList<T>? other) => other is not null && items.AsSpan().SequenceEqual(other.Items, EqualityComparer<T>.Default);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NodeList<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => items.Length;

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => items.GetEnumerator();

    ReadOnlySpan<T> Items => items;
}
