using System.Collections.Immutable;
using Daphne.Net.Dialect;

namespace Daphne.Net.Compiler;

/// <summary>A column that a query can name: whose it is, what it is called.</summary>
sealed record SqlField(string Source, string Name, ValueTypeCode Type);

/// <summary>What stands in FROM: its columns, in order of the plan's.</summary>
sealed record SqlScope(ImmutableArray<string> Sources, ImmutableArray<SqlField> Fields)
{
    /// <summary>The positions of the columns of that name; of one source, or of all.</summary>
    public int[] Find(string? source, string name) => [.. Enumerable.Range(0, Fields.Length).Where(i => Fields[i].Name == name && (source is null || Fields[i].Source == source))];

    /// <summary>The positions of the columns of a source, or of all.</summary>
    public IEnumerable<int> Of(string? source) => Enumerable.Range(0, Fields.Length).Where(i => source is null || Fields[i].Source == source);

    public SqlColumn Column(int index) => new(index, Fields[index].Type);

    /// <summary>
    /// What the columns of a frame are called in a query: a prefix like <c>v.</c>, which columns that a query made bear, gives way to the name of the
    /// view, unless two columns would have one name then.
    /// </summary>
    public static ImmutableArray<string> Names(ImmutableArray<string> labels)
    {
        string[] bare = [.. labels.Select(WithoutPrefix)];
        var often = bare.CountBy(n => n, StringComparer.Ordinal).Where(n => n.Value > 1).Select(n => n.Key).ToHashSet(StringComparer.Ordinal);
        return [.. bare.Select((n, i) => often.Contains(n) ? labels[i] : n)];
    }

    static string WithoutPrefix(string label)
    {
        int dot = label.IndexOf('.');
        if (dot <= 0 || !(char.IsAsciiLetter(label[0]) || label[0] == '_')) return label;
        foreach (char c in label.AsSpan(0, dot))
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return label;
        return label[(dot + 1)..];
    }
}
