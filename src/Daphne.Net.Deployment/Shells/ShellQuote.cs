namespace Daphne.Net.Deployment;

/// <summary>Words for POSIX shells.</summary>
public static class ShellQuote
{
    /// <summary>The text as one word that the shell takes literally.</summary>
    /// <exception cref="ArgumentException">It holds a NUL character, which no argument of a program can.</exception>
    public static string Word(string text)
    {
        if (text.Contains('\0')) throw new ArgumentException("an argument cannot hold a NUL character", nameof(text));
        return text.Length > 0 && text.All(IsPlain) ? text : "'" + text.Replace("'", "'\\''") + "'";
    }

    static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or ':' or ',' or '@' or '%' or '+';
}
