using System.Text;

namespace Daphne.Net.Data;

/// <summary>
/// Short strings that were read lately: columns of text repeat themselves, and one object for equal ones saves the time and memory of making more. Several
/// threads may use it at once: a slot holds one string or another.
/// </summary>
sealed class RecentStrings
{
    const int Bits = 13, Longest = 32;

    readonly string?[] slots = new string?[1 << Bits];

    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return "";
        if (utf8.Length > Longest) return Encoding.UTF8.GetString(utf8);
        uint hash = (uint)utf8.Length;
        foreach (byte b in utf8) hash = (hash ^ b) * 16777619;
        ref string? slot = ref slots[hash * 0x9E3779B1 >> (32 - Bits)];
        // Text beyond ASCII is never found again, only made.
        return slot is { } known && Ascii.Equals(utf8, known) ? known : slot = Encoding.UTF8.GetString(utf8);
    }
}
