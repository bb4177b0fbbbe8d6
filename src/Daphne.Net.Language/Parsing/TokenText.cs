using System.Diagnostics;

namespace Daphne.Net.Language;

/// <summary>The fixed spelling of tokens, in both directions.</summary>
static class TokenText
{
    /// <summary>Words that are not identifiers. <c>list</c> is none of them: only the documentation of the original reserves it.</summary>
    public static TokenKind Word(ReadOnlySpan<char> text) => text switch
    {
        "if" => TokenKind.If,
        "else" => TokenKind.Else,
        "while" => TokenKind.While,
        "do" => TokenKind.Do,
        "for" => TokenKind.For,
        "in" => TokenKind.In,
        "true" => TokenKind.True,
        "false" => TokenKind.False,
        "as" => TokenKind.As,
        "def" => TokenKind.Def,
        "return" => TokenKind.Return,
        "import" => TokenKind.Import,
        "matrix" or "scalar" or "frame" => TokenKind.DataType,
        "f64" or "f32" or "si64" or "si32" or "si8" or "ui64" or "ui32" or "ui8" or "str" or "bool" => TokenKind.ValueType,
        "nan" or "nanf" or "inf" or "inff" => TokenKind.Float,
        _ => TokenKind.Identifier,
    };

    /// <summary>True for tokens that start a statement and nothing else: the parser restarts there after a mistake.</summary>
    public static bool StartsStatement(TokenKind kind) =>
        kind is TokenKind.If or TokenKind.While or TokenKind.Do or TokenKind.For or TokenKind.Def or TokenKind.Return or TokenKind.Import;

    /// <summary>The spelling of a token that has only one.</summary>
    public static string Of(TokenKind kind) => kind switch
    {
        TokenKind.If => "if",
        TokenKind.Else => "else",
        TokenKind.While => "while",
        TokenKind.Do => "do",
        TokenKind.For => "for",
        TokenKind.In => "in",
        TokenKind.True => "true",
        TokenKind.False => "false",
        TokenKind.As => "as",
        TokenKind.Def => "def",
        TokenKind.Return => "return",
        TokenKind.Import => "import",
        TokenKind.LeftParen => "(",
        TokenKind.RightParen => ")",
        TokenKind.LeftBracket => "[",
        TokenKind.RightBracket => "]",
        TokenKind.LeftFilter => "[[",
        TokenKind.RightFilter => "]]",
        TokenKind.LeftBrace => "{",
        TokenKind.RightBrace => "}",
        TokenKind.Semicolon => ";",
        TokenKind.Comma => ",",
        TokenKind.Dot => ".",
        TokenKind.Colon => ":",
        TokenKind.DoubleColon => "::",
        TokenKind.Dollar => "$",
        TokenKind.Assign => "=",
        TokenKind.Arrow => "->",
        TokenKind.Question => "?",
        TokenKind.Plus => "+",
        TokenKind.Minus => "-",
        TokenKind.Star => "*",
        TokenKind.Slash => "/",
        TokenKind.Percent => "%",
        TokenKind.Caret => "^",
        TokenKind.At => "@",
        TokenKind.Equal => "==",
        TokenKind.NotEqual => "!=",
        TokenKind.Less => "<",
        TokenKind.LessEqual => "<=",
        TokenKind.Greater => ">",
        TokenKind.GreaterEqual => ">=",
        TokenKind.And => "&&",
        TokenKind.Or => "||",
        _ => throw new UnreachableException($"{kind} has no fixed spelling"),
    };
}
