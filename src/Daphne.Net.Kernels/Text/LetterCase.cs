namespace Daphne.Net.Kernels;

/// <summary>Capitals and small letters, A to Z alone: every other character stays what it is, whatever the language.</summary>
public static class LetterCase
{
    /// <summary>With capitals.</summary>
    public static string Upper(string text) => string.Create(text.Length, text, static (to, from) =>
    {
        for (int i = 0; i < to.Length; i++) to[i] = char.IsAsciiLetterLower(from[i]) ? (char)(from[i] - 'a' + 'A') : from[i];
    });

    /// <summary>With small letters.</summary>
    public static string Lower(string text) => string.Create(text.Length, text, static (to, from) =>
    {
        for (int i = 0; i < to.Length; i++) to[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] - 'A' + 'a') : from[i];
    });
}
