namespace Daphne.Net.Language;

/// <summary>Operators of queries.</summary>
internal enum SqlOperator : byte
{
    Or, And, Not, Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, Add, Subtract, Multiply, Divide, Modulo, Concatenate, Plus, Minus,
}

/// <summary>How operators are written.</summary>
internal static class SqlOperators
{
    public static string Text(this SqlOperator op) => op switch
    {
        SqlOperator.Or => "OR",
        SqlOperator.And => "AND",
        SqlOperator.Not => "NOT",
        SqlOperator.Equal => "=",
        SqlOperator.NotEqual => "<>",
        SqlOperator.Less => "<",
        SqlOperator.LessEqual => "<=",
        SqlOperator.Greater => ">",
        SqlOperator.GreaterEqual => ">=",
        SqlOperator.Add or SqlOperator.Plus => "+",
        SqlOperator.Subtract or SqlOperator.Minus => "-",
        SqlOperator.Multiply => "*",
        SqlOperator.Divide => "/",
        SqlOperator.Modulo => "%",
        _ => "||",
    };

    public static bool IsComparison(this SqlOperator op) => op is >= SqlOperator.Equal and <= SqlOperator.GreaterEqual;

    /// <summary>The comparison that says the same with its operands swapped.</summary>
    public static SqlOperator Mirrored(this SqlOperator op) => op switch
    {
        SqlOperator.Less => SqlOperator.Greater,
        SqlOperator.LessEqual => SqlOperator.GreaterEqual,
        SqlOperator.Greater => SqlOperator.Less,
        SqlOperator.GreaterEqual => SqlOperator.LessEqual,
        _ => op,
    };
}
