using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

public sealed partial class SyntaxPrinter
{
    void Write(Expression expression) => Write(expression, Precedence.Conditional);

    /// <summary>Writes an operand where only operators binding as tightly as <paramref name="minimum"/> may stand without parentheses.</summary>
    void Write(Expression expression, int minimum)
    {
        bool parentheses = PrecedenceOf(expression) < minimum;
        if (parentheses) text.Append('(');
        WriteBare(expression);
        if (parentheses) text.Append(')');
    }

    static int PrecedenceOf(Expression expression) => expression switch
    {
        Conditional => Precedence.Conditional,
        Binary { Operator: var op } => Precedence.Of(op),
        Unary => Precedence.Unary,
        Literal literal when LiteralPrinter.StartsWithMinus(literal) => Precedence.Unary,
        _ => Precedence.Postfix,
    };

    void WriteBare(Expression expression)
    {
        switch (expression)
        {
            case Literal e: text.Append(LiteralPrinter.Print(e)); break;
            case Argument e: text.Append('$').Append(e.Name); break;
            case Identifier e: text.Append(e.Name); break;
            case Call e: WriteCall(e); break;
            case CastExpression e: text.Append("as."); Write(e.Type); text.Append('('); Write(e.Operand); text.Append(')'); break;
            case Unary e: text.Append(e.Operator); Write(e.Operand, Precedence.Unary); break;
            case Binary e: WriteBinary(e); break;
            case Conditional e: WriteConditional(e); break;
            case IndexExpression e: Write(e.Object, Precedence.Postfix); Write(e.Index); break;
            case FilterExpression e: Filter(e); break;
            case MatrixLiteral e: Matrix(e); break;
            case FrameLiteralByColumns e: Frame(e); break;
            case FrameLiteralByRows e: Frame(e); break;
            default: throw new System.Diagnostics.UnreachableException(expression.GetType().Name);
        }
    }

    void Write(TypeName type)
    {
        if (type is { Data: { } data, ValueType: { } cell }) text.Append(NameOf(data)).Append('<').Append(cell.DslName()).Append('>');
        else text.Append(type.Data is { } alone ? NameOf(alone) : type.ValueType!.Value.DslName());
    }

    static string NameOf(DataTypeName data) => data switch { DataTypeName.Matrix => "matrix", DataTypeName.Frame => "frame", _ => "scalar" };

    void WriteCall(Call call)
    {
        text.Append(call.Function);
        if (call.Kernel is not null) text.Append("::").Append(call.Kernel);
        text.Append('(');
        List(call.Arguments, argument =>
        {
            if (argument.Keyword is not null) text.Append(argument.Keyword).Append('=');
            Write(argument.Value);
        });
        text.Append(')');
    }

    void WriteBinary(Binary e)
    {
        // Down the left operands and up again: a chain is too long to recurse.
        var chain = new Stack<Binary>([e]);
        while (chain.Peek().Left is Binary left)
        {
            if (InParentheses(left, chain.Peek())) text.Append('(');
            chain.Push(left);
        }
        Write(chain.Peek().Left, Precedence.Of(chain.Peek().Operator));
        while (chain.TryPop(out var next))
        {
            text.Append(' ').Append(next.Operator);
            if (next.Kernel is not null) text.Append("::").Append(next.Kernel);
            text.Append(' ');
            Write(next.Right, Precedence.Of(next.Operator) + 1);
            if (chain.TryPeek(out var around) && InParentheses(next, around)) text.Append(')');
        }

        static bool InParentheses(Binary left, Binary around) => Precedence.Of(left.Operator) < Precedence.Of(around.Operator);
    }

    void WriteConditional(Conditional e)
    {
        Write(e.Condition, Precedence.Conditional);
        text.Append(" ? ");
        Write(e.Then);
        text.Append(" : ");
        Write(e.Else, Precedence.Conditional + 1);
    }

    void Write(Indexing index)
    {
        Open("[");
        Side(index.Rows);
        text.Append(", ");
        Side(index.Cols);
        Close("]");
    }

    void Side(IndexRange side)
    {
        if (side is IndexPosition { Position: var position }) Write(position);
        if (side is not IndexSlice slice) return;
        if (slice.Lower is not null) Write(slice.Lower);
        text.Append(':');
        if (slice.Upper is not null) Write(slice.Upper);
    }

    void Filter(FilterExpression e)
    {
        Write(e.Object, Precedence.Postfix);
        Open("[[");
        if (e.Rows is not null) Write(e.Rows);
        text.Append(", ");
        if (e.Cols is not null) Write(e.Cols);
        Close("]]");
    }

    void Elements(NodeList<Expression> elements)
    {
        Open("[");
        List(elements, Write);
        Close("]");
    }

    void Matrix(MatrixLiteral e)
    {
        Elements(e.Elements);
        if (!e.HasShape) return;
        text.Append('(');
        if (e.Rows is not null) Write(e.Rows);
        text.Append(", ");
        if (e.Cols is not null) Write(e.Cols);
        text.Append(')');
    }

    void Frame(FrameLiteralByColumns e)
    {
        text.Append('{');
        List(e.Labels.Zip(e.Columns), pair =>
        {
            Write(pair.First);
            text.Append(": ");
            Write(pair.Second);
        });
        text.Append('}');
    }

    void Frame(FrameLiteralByRows e)
    {
        text.Append('{');
        List(e.Rows.Prepend(e.Labels), Elements);
        text.Append('}');
    }

    // "[[" and "]]" are tokens of their own: single brackets keep a distance.
    void Open(string bracket) => text.Append(text is [.., '['] ? " " : "").Append(bracket);

    void Close(string bracket) => text.Append(text is [.., ']'] ? " " : "").Append(bracket);
}
