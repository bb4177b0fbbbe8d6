namespace Daphne.Net.Language;

/// <summary>String literals of queries.</summary>
internal static class SqlStrings
{
    /// <summary>What a literal, given with its quotes, means. A doubled quote is one. Escapes are replaced kind by kind with <c>\\</c> last, as the original does.</summary>
    public static string Value(string quoted)
    {
        char quote = quoted[0];
        string text = quoted[1..^1].Replace(new string(quote, 2), quote.ToString());
        if (text.Contains('\\'))
            text = text.Replace("\\b", "\b").Replace("\\f", "\f").Replace("\\n", "\n").Replace("\\r", "\r").Replace("\\t", "\t")
                .Replace("\\\"", "\"").Replace("\\'", "'").Replace("\\\\", "\\");
        return text;
    }

    /// <summary>A literal that means this text, in single quotes.</summary>
    public static string Quote(string value) => "'" + value.Replace("\\", "\\\\").Replace("'", "\\'") + "'";
}
