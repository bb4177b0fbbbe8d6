using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>Something with a value.</summary>
public abstract record Expression : Node;

/// <summary>A number, truth value or string. <paramref name="Value"/> is a long (si64), ulong (ui64), double (f64), float (f32), bool or string (escapes resolved).</summary>
public sealed record Literal(ValueTypeCode ValueType, object Value) : Expression;

/// <summary><c>$name</c>: a script argument.</summary>
public sealed record Argument(string Name) : Expression;

/// <summary><c>x</c> or <c>library.x</c>; <paramref name="Name"/> holds the dots.</summary>
public sealed record Identifier(string Name) : Expression;

/// <summary>One argument of a call; <paramref name="Keyword"/> is null for a positional one.</summary>
public sealed record CallArgument(string? Keyword, Expression Value) : Node;

/// <summary><c>f::kernel(a, k=b)</c>; <paramref name="Kernel"/> is null without a hint. <c>NameSpan</c> covers the name alone.</summary>
public sealed record Call(string Function, string? Kernel, NodeList<CallArgument> Arguments) : Expression
{
    /// <summary>Where the function's name stands.</summary>
    public SourceSpan NameSpan { get; init; }

    /// <inheritdoc/>
    public bool Equals(Call? other) => other is not null && Function == other.Function && Kernel == other.Kernel && Arguments.Equals(other.Arguments);

    /// <inheritdoc/>
    public override int GetHashCode() => Function.GetHashCode(StringComparison.Ordinal);
}

/// <summary>The data types a cast or a parameter can name.</summary>
public enum DataTypeName
{
    /// <summary>A matrix.</summary>
    Matrix,
    /// <summary>A frame.</summary>
    Frame,
    /// <summary>A scalar.</summary>
    Scalar,
}

/// <summary>A type as written: <c>matrix</c>, <c>matrix&lt;f64&gt;</c>, <c>f64</c> (a scalar: <paramref name="Data"/> is null).</summary>
public sealed record TypeName(DataTypeName? Data, ValueTypeCode? ValueType) : Node;

/// <summary><c>as.matrix&lt;f64&gt;(x)</c>, <c>as.si64(x)</c>.</summary>
public sealed record CastExpression(TypeName Type, Expression Operand) : Expression;

/// <summary><c>+x</c> or <c>-x</c>.</summary>
public sealed record Unary(string Operator, Expression Operand) : Expression;

/// <summary><c>l op r</c>, with an optional kernel hint (<c>X +::name Y</c>). A chain of them reaches as deep to the left as it has operators. <c>OperatorSpan</c> covers the operator alone.</summary>
public sealed record Binary(string Operator, string? Kernel, Expression Left, Expression Right) : Expression
{
    /// <summary>Where the operator stands.</summary>
    public SourceSpan OperatorSpan { get; init; }

    /// <inheritdoc/>
    public bool Equals(Binary? other)
    {
        for (Binary? a = this, b = other; ; a = (Binary)a.Left, b = (Binary)b.Left)
        {
            if (b is null || a.Operator != b.Operator || a.Kernel != b.Kernel || !a.Right.Equals(b.Right)) return false;
            if (a.Left is not Binary || b.Left is not Binary) return a.Left.Equals(b.Left);
        }
    }

    /// <inheritdoc/>
    public override int GetHashCode() => Operator.GetHashCode(StringComparison.Ordinal);
}

/// <summary><c>c ? a : b</c>.</summary>
public sealed record Conditional(Expression Condition, Expression Then, Expression Else) : Expression;

/// <summary>One side of an index: everything (<c>All</c>), a position or positions, or a range with optional ends.</summary>
public abstract record IndexRange : Node;

/// <summary>An empty side: everything.</summary>
public sealed record IndexAll : IndexRange;

/// <summary>A position, a column of positions, or (frames) a label.</summary>
public sealed record IndexPosition(Expression Position) : IndexRange;

/// <summary><c>lower:upper</c>, lower inclusive, upper exclusive; a missing end is null.</summary>
public sealed record IndexSlice(Expression? Lower, Expression? Upper) : IndexRange;

/// <summary><c>[rows, cols]</c>.</summary>
public sealed record Indexing(IndexRange Rows, IndexRange Cols) : Node;

/// <summary><c>x[rows, cols]</c>.</summary>
public sealed record IndexExpression(Expression Object, Indexing Index) : Expression;

/// <summary><c>x[[rows, cols]]</c>; a missing side is null.</summary>
public sealed record FilterExpression(Expression Object, Expression? Rows, Expression? Cols) : Expression;

/// <summary><c>[a, b, …](rows, cols)</c>. <paramref name="HasShape"/> tells <c>[…]</c> (a column) from <c>[…](,)</c>; a missing extent is null.</summary>
public sealed record MatrixLiteral(NodeList<Expression> Elements, bool HasShape, Expression? Rows, Expression? Cols) : Expression;

/// <summary><c>{"a": [1, 2], "b": x}</c>.</summary>
public sealed record FrameLiteralByColumns(NodeList<Expression> Labels, NodeList<Expression> Columns) : Expression;

/// <summary><c>{["a", "b"], [1, 1.5], …}</c>.</summary>
public sealed record FrameLiteralByRows(NodeList<Expression> Labels, NodeList<NodeList<Expression>> Rows) : Expression;
