using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Statements that run straight on.
sealed partial class ScriptLowering
{
    void LowerAll(IEnumerable<Statement> statements)
    {
        foreach (var statement in statements) Lower(statement);
    }

    void Lower(Statement statement)
    {
        int depth = scopes.Depth;
        var block = builder.Block;
        try
        {
            LowerStatement(statement);
        }
        catch (Abandoned)
        {
            // Reported where it was thrown. What the statement would have assigned is unknown from here on, quietly.
            builder.Block = block;
            while (scopes.Depth > depth) scopes.Close();
            if (statement is AssignStatement assign)
                foreach (var target in assign.Targets.Where(t => t.Index is null || scopes.Find(t.Name) is null))
                    if (scopes.Find(target.Name) is not { ReadOnly: true }) scopes.Assign(target.Name, null, target.Span);
            if (statement is ExpressionStatement)
                foreach (string view in AssignedNames.Of(statement)) scopes.Assign(view, null, statement.Span);
        }
    }

    void LowerStatement(Statement statement)
    {
        switch (statement)
        {
            case BlockStatement block: InScope(() => LowerAll(block.Statements)); break;
            case ExpressionStatement s: LowerMany(s.Expression); break;
            case AssignStatement s: Assign(s); break;
            case IfStatement s: If(s); break;
            case ForStatement s: For(s); break;
            case WhileStatement s: While(s); break;
            case DoWhileStatement s: DoWhile(s); break;
            case FunctionStatement s: Define(s); break;
            case ReturnStatement s: throw Fail(function is null ? Diag.ReturnOutside : Diag.ReturnInLoop, s.Span);
            case ImportStatement s: Import(s); break;
            default: throw new System.Diagnostics.UnreachableException(statement.GetType().Name);
        }
    }

    void InScope(Action body)
    {
        scopes.Open();
        body();
        scopes.Close();
    }

    // A body that is one statement has a scope of its own too.
    void LowerBody(Statement body)
    {
        if (body is BlockStatement) Lower(body);
        else InScope(() => Lower(body));
    }

    void Assign(AssignStatement s)
    {
        foreach (var target in s.Targets)
            if (target.Name.Contains('.')) throw Fail(Diag.ImportedAssigned, target.Span, target.Name);
            else if (scopes.Find(target.Name) is { ReadOnly: true }) throw Fail(Diag.LoopVariableAssigned, target.Span, target.Name);
        var values = s.Targets.Count == 1 ? [Lower(s.Value)] : LowerMany(s.Value);
        if (values.Count != s.Targets.Count) throw WrongCount(s.Value, s.Targets.Count, values.Count);
        foreach (var (target, value) in s.Targets.Zip(values))
        {
            if (target.Index is not null) AssignPart(target, value, s.Value.Span);
            else
            {
                value.Name ??= target.Name;
                scopes.Assign(target.Name, value, target.Span);
            }
        }
    }

    Abandoned WrongCount(Expression expression, int wanted, int got) => expression is Call call
        ? Fail(Diag.ResultCount, call.Span, Count(wanted, "result"), call.Function, got == 0 ? "none" : got.ToString(System.Globalization.CultureInfo.InvariantCulture))
        : Fail(Diag.NotOneValue, expression.Span, wanted);

    static string Count(int n, string what) => $"{n} {what}{(n == 1 ? "" : "s")}";
}
