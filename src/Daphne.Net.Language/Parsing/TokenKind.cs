namespace Daphne.Net.Language;

/// <summary>What a token is.</summary>
enum TokenKind : byte
{
    End,
    Identifier, Integer, Float, String, DataType, ValueType,

    /// <summary>Something reported already that was meant as a literal; the parser takes it as one and stays silent.</summary>
    Malformed,

    // Words
    If, Else, While, Do, For, In, True, False, As, Def, Return, Import,

    // Brackets
    LeftParen, RightParen, LeftBracket, RightBracket, LeftFilter, RightFilter, LeftBrace, RightBrace,

    // Punctuation
    Semicolon, Comma, Dot, Colon, DoubleColon, Dollar, Assign, Arrow, Question,

    // Operators
    Plus, Minus, Star, Slash, Percent, Caret, At, Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, And, Or,
}

/// <summary>A token: its kind and its place; its text stays in the script.</summary>
readonly record struct Token(TokenKind Kind, int Start, int Length)
{
    public int End => Start + Length;
}
