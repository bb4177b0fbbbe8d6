namespace Daphne.Net.Language;

/// <summary>What a token of a query is. Words are told apart by the parser: only some of them are always keywords.</summary>
internal enum SqlTokenKind : byte
{
    End, Word, Quoted, Integer, Float, String, LeftParen, RightParen, Comma, Dot, Semicolon, Star, Slash, Percent, Plus, Minus, Concatenate,
    Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual,
}

/// <summary>A token; its text stays in the query.</summary>
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int Length)
{
    public int End => Start + Length;
}

/// <summary>Words of the language.</summary>
internal static class SqlWords
{
    // Reserved in the original, whether it does something with them or not.
    static readonly HashSet<string> reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "SELECT", "FROM", "ALL", "DISTINCT", "UNIQUE", "HAVING", "UNION", "INTERSECT", "MINUS", "WITH", "AS", "ONLY", "INNER", "JOIN", "ON", "USING",
        "CROSS", "NATURAL", "FULL", "LEFT", "RIGHT", "OUTER", "WHERE", "GROUP", "BY", "ORDER", "ASC", "DESC", "AND", "OR", "BETWEEN",
    };

    // Words this dialect adds: names of scripts written for the original, and keywords only where nothing else can stand.
    static readonly HashSet<string> added = new(StringComparer.OrdinalIgnoreCase)
    {
        "LIMIT", "OFFSET", "IN", "LIKE", "NOT", "ESCAPE", "CASE", "WHEN", "THEN", "ELSE", "END", "CAST",
    };

    /// <summary>True if the word is never a name, unless it stands behind a point or in backquotes.</summary>
    public static bool IsReserved(string word) => reserved.Contains(word);

    /// <summary>True if the word, standing where a clause or an operator may, begins one.</summary>
    public static bool IsKeyword(string word) => reserved.Contains(word) || added.Contains(word);
}
