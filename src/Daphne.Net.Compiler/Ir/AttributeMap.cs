using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Daphne.Net.Compiler;

/// <summary>An attribute with its name.</summary>
public sealed record NamedAttribute(string Key, Attribute Value);

/// <summary>
/// The attributes of one operation in ordinal order of their names. An operation has none to five: a sorted list beats a tree, and a list of class
/// instances needs no code made at start-up, which a sorted dictionary of pairs does.
/// </summary>
public sealed class AttributeMap : IEnumerable<NamedAttribute>
{
    readonly List<NamedAttribute> all = [];

    /// <summary>How many there are.</summary>
    public int Count => all.Count;

    /// <summary>The attribute of that name; setting replaces it or adds it.</summary>
    /// <exception cref="KeyNotFoundException">There is none to get.</exception>
    public Attribute this[string name]
    {
        get => TryGetValue(name, out var value) ? value : throw new KeyNotFoundException($"there is no attribute {name}");
        set
        {
            int at = Find(name);
            if (at >= 0) all[at] = new(name, value);
            else all.Insert(~at, new(name, value));
        }
    }

    /// <summary>Finds an attribute.</summary>
    public bool TryGetValue(string name, [NotNullWhen(true)] out Attribute? value)
    {
        int at = Find(name);
        value = at >= 0 ? all[at].Value : null;
        return at >= 0;
    }

    /// <summary>Adds an attribute; false if there is one of that name.</summary>
    public bool TryAdd(string name, Attribute value)
    {
        int at = Find(name);
        if (at < 0) all.Insert(~at, new(name, value));
        return at < 0;
    }

    /// <summary>True if there is one of that name.</summary>
    public bool ContainsKey(string name) => Find(name) >= 0;

    /// <summary>Takes one away; false if there was none.</summary>
    public bool Remove(string name)
    {
        int at = Find(name);
        if (at >= 0) all.RemoveAt(at);
        return at >= 0;
    }

    /// <inheritdoc/>
    public IEnumerator<NamedAttribute> GetEnumerator() => all.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => all.GetEnumerator();

    // The position, or the complement of where it belongs.
    int Find(string name)
    {
        for (int i = 0; i < all.Count; i++)
        {
            int order = string.CompareOrdinal(all[i].Key, name);
            if (order >= 0) return order == 0 ? i : ~i;
        }
        return ~all.Count;
    }
}
