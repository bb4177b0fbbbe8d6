using System.Text;

namespace Daphne.Net.Runtime;

/// <summary>A pattern of LIKE: <c>%</c> is any text, <c>_</c> any one character (code point); what follows the escape stands for itself. Case counts.</summary>
sealed class LikePattern
{
    const int Any = -1, One = -2;

    readonly int[] pattern;     // code points, Any, One

    public LikePattern(string text, char? escape)
    {
        List<int> parts = [];
        bool literal = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!literal && rune.Value == escape) literal = true;
            else
            {
                parts.Add(!literal && rune.Value == '%' ? Any : !literal && rune.Value == '_' ? One : rune.Value);
                literal = false;
            }
        }
        pattern = [.. parts];
    }

    /// <summary>
    /// True if the text is like the pattern. Behind the last <c>%</c> that was met, a mismatch tries one character further: at most the product of both
    /// lengths.
    /// </summary>
    public bool Matches(string text)
    {
        int p = 0, t = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            Rune.DecodeFromUtf16(text.AsSpan(t), out var rune, out int length);
            if (p < pattern.Length && pattern[p] == Any) (star, resume, p) = (p, t, p + 1);
            else if (p < pattern.Length && (pattern[p] == One || pattern[p] == rune.Value)) (p, t) = (p + 1, t + length);
            else if (star < 0) return false;
            else
            {
                Rune.DecodeFromUtf16(text.AsSpan(resume), out _, out int skipped);
                resume += skipped;
                (p, t) = (star + 1, resume);
            }
        }
        while (p < pattern.Length && pattern[p] == Any) p++;
        return p == pattern.Length;
    }
}
