namespace Daphne.Net.Kernels;

/// <summary>The byte order of strings in UTF-8, which for valid text is the order of code points, not of UTF-16 units.</summary>
public sealed class TextOrder : IComparer<string>
{
    TextOrder() { }

    /// <summary>For sorting.</summary>
    public static TextOrder Instance { get; } = new();

    /// <summary>Negative, 0 or positive: the first string comes before, is, or comes after the second one.</summary>
    public static int Compare(string a, string b)
    {
        int at = a.AsSpan().CommonPrefixLength(b);
        return at < a.Length && at < b.Length ? Rank(a[at]).CompareTo(Rank(b[at])) : a.Length.CompareTo(b.Length);

        // Surrogates stand for code points above everything else; the units 0xE000 … 0xFFFF are below them.
        static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
    }

    int IComparer<string>.Compare(string? x, string? y) => Compare(x!, y!);
}
