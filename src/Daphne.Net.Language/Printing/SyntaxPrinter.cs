using System.Text;

namespace Daphne.Net.Language;

/// <summary>
/// Writes a syntax tree as DaphneDSL with as few parentheses as its meaning allows. Reading the text again gives the same tree, with the exceptions
/// a script cannot express: a negative literal is read as a negated one, an <c>if</c> without <c>else</c> gets braces where it would catch the
/// <c>else</c> of an outer one, and some strings have to be written as a sum of two.
/// </summary>
public sealed partial class SyntaxPrinter
{
    readonly StringBuilder text = new();
    int indent;

    SyntaxPrinter() { }

    /// <summary>The script's text, one statement a line, blocks indented by four blanks; empty for an empty script.</summary>
    public static string Print(Script script)
    {
        var printer = new SyntaxPrinter();
        foreach (var statement in script.Statements) printer.Line(statement);
        return printer.text.ToString();
    }

    /// <summary>A statement's text, without a line end.</summary>
    public static string Print(Statement statement)
    {
        var printer = new SyntaxPrinter();
        printer.Write(statement);
        return printer.text.ToString();
    }

    /// <summary>An expression's text.</summary>
    public static string Print(Expression expression)
    {
        var printer = new SyntaxPrinter();
        printer.Write(expression);
        return printer.text.ToString();
    }

    void Line(Statement statement)
    {
        text.Append(' ', 4 * indent);
        Write(statement);
        text.Append('\n');
    }

    void Write(Statement statement)
    {
        switch (statement)
        {
            case BlockStatement s: Block(s); break;
            case ExpressionStatement s: ExpressionAsStatement(s.Expression); break;
            case AssignStatement s: Assignment(s); break;
            case IfStatement s: If(s); break;
            case WhileStatement s: Head("while (", s.Condition); Body(s.Body); break;
            case DoWhileStatement s: text.Append("do"); Body(s.Body); Head(" while (", s.Condition); text.Append(';'); break;
            case ForStatement s: For(s); break;
            case FunctionStatement s: Function(s); break;
            case ReturnStatement s: text.Append(s.Values.Count == 0 ? "return" : "return "); List(s.Values, Write); text.Append(';'); break;
            case ImportStatement s: text.Append("import \"").Append(s.Path).Append(s.Alias is null ? "\";" : $"\" as \"{s.Alias}\";"); break;
            default: throw new System.Diagnostics.UnreachableException(statement.GetType().Name);
        }
    }

    void Block(BlockStatement block)
    {
        if (block.Statements.Count == 0)
        {
            text.Append("{}");
            return;
        }
        text.Append("{\n");
        indent++;
        foreach (var statement in block.Statements) Line(statement);
        indent--;
        text.Append(' ', 4 * indent).Append('}');
    }

    // At the start of a statement '{' may open a block.
    void ExpressionAsStatement(Expression expression)
    {
        int start = text.Length;
        Write(expression);
        if (text[start] == '{') text.Insert(start, '(').Append(')');
        text.Append(';');
    }

    void Assignment(AssignStatement assignment)
    {
        List(assignment.Targets, target =>
        {
            text.Append(target.Name);
            if (target.Index is not null) Write(target.Index);
        });
        text.Append(" = ");
        Write(assignment.Value);
        text.Append(';');
    }

    void Head(string opening, Expression condition)
    {
        text.Append(opening);
        Write(condition);
        text.Append(')');
    }

    void Body(Statement body)
    {
        text.Append(' ');
        Write(body);
    }

    void If(IfStatement s)
    {
        Head("if (", s.Condition);
        Body(s.Else is not null && WouldTakeElse(s.Then) ? new BlockStatement(new(s.Then)) : s.Then);
        if (s.Else is null) return;
        text.Append(" else");
        Body(s.Else);
    }

    static bool WouldTakeElse(Statement statement) => statement switch
    {
        IfStatement { Else: null } => true,
        IfStatement { Else: { } otherwise } => WouldTakeElse(otherwise),
        WhileStatement s => WouldTakeElse(s.Body),
        ForStatement s => WouldTakeElse(s.Body),
        _ => false,
    };

    void For(ForStatement s)
    {
        text.Append("for (").Append(s.Variable).Append(" in ");
        Write(s.From);
        text.Append(':');
        Write(s.To);
        if (s.Step is not null)
        {
            text.Append(':');
            Write(s.Step);
        }
        text.Append(')');
        Body(s.Body);
    }

    void Function(FunctionStatement s)
    {
        text.Append("def ").Append(s.Name).Append('(');
        List(s.Parameters, parameter =>
        {
            text.Append(parameter.Name);
            if (parameter.Type is null) return;
            text.Append(": ");
            Write(parameter.Type);
        });
        text.Append(')');
        if (s.Results is { Count: > 0 })
        {
            text.Append(" -> ");
            List(s.Results, Write);
        }
        Body(s.Body);
    }

    void List<T>(IEnumerable<T> items, Action<T> write)
    {
        string separator = "";
        foreach (var item in items)
        {
            text.Append(separator);
            write(item);
            separator = ", ";
        }
    }
}
