namespace Daphne.Net.Language;

/// <summary>How tightly operators bind; a larger number binds tighter. All binary operators and <c>?:</c> are left-associative.</summary>
static class Precedence
{
    /// <summary>Not an operator.</summary>
    public const int None = 0;

    public const int Conditional = 1, Or = 2, And = 3, Comparison = 4, Additive = 5, Multiplicative = 6, Modulo = 7, Power = 8, MatrixProduct = 9;

    /// <summary>Tighter than every binary operator: <c>-a ^ b</c> is <c>(-a) ^ b</c>.</summary>
    public const int Unary = 10;

    /// <summary>Indexing, and everything that needs no parentheses anywhere.</summary>
    public const int Postfix = 11;

    public static int Of(TokenKind kind) => kind switch
    {
        TokenKind.Question => Conditional,
        TokenKind.Or => Or,
        TokenKind.And => And,
        TokenKind.Equal or TokenKind.NotEqual or TokenKind.Less or TokenKind.LessEqual or TokenKind.Greater or TokenKind.GreaterEqual => Comparison,
        TokenKind.Plus or TokenKind.Minus => Additive,
        TokenKind.Star or TokenKind.Slash => Multiplicative,
        TokenKind.Percent => Modulo,
        TokenKind.Caret => Power,
        TokenKind.At => MatrixProduct,
        _ => None,
    };

    public static int Of(string binaryOperator) => binaryOperator switch
    {
        "||" => Or,
        "&&" => And,
        "+" or "-" => Additive,
        "*" or "/" => Multiplicative,
        "%" => Modulo,
        "^" => Power,
        "@" => MatrixProduct,
        _ => Comparison,
    };
}
