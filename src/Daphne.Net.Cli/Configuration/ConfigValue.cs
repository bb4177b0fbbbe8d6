using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary>A value of a configuration with its place.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Value">A bool, double, string, null, list of values or list of entries.</param>
sealed record ConfigValue(SourceSpan Span, object? Value)
{
    /// <summary>True for a list of values of which each is so.</summary>
    public bool IsList(Func<ConfigValue, bool> each) => Value is IReadOnlyList<ConfigValue> list && list.All(each);

    /// <summary>Its entries; none where it is no object.</summary>
    public IReadOnlyList<ConfigEntry> Entries => Value as IReadOnlyList<ConfigEntry> ?? [];

    /// <summary>The values of a list; none where it is no list.</summary>
    public IReadOnlyList<ConfigValue> Items => Value as IReadOnlyList<ConfigValue> ?? [];

    /// <summary>A whole number in a range, written with or without a point; null for anything else.</summary>
    public long? Whole(long least, long most) => Value is double number && number == Math.Truncate(number) && number >= least && number <= most ? (long)number : null;
}

/// <summary>A key of an object with its place, and its value.</summary>
sealed record ConfigEntry(string Key, SourceSpan Span, ConfigValue Value);
