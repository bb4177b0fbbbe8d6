using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

/// <summary>Facts about statements that can be read off without lowering them.</summary>
static class AssignedNames
{
    /// <summary>Every name a statement assigns, in order of first appearance, whatever scope it turns out to be of.</summary>
    public static IEnumerable<string> Of(Statement? statement) => All(statement).Distinct();

    /// <summary>True if a statement holds a return.</summary>
    public static bool Returns(Statement? statement) => statement switch
    {
        ReturnStatement => true,
        BlockStatement s => s.Statements.Any(Returns),
        IfStatement s => Returns(s.Then) || Returns(s.Else),
        WhileStatement s => Returns(s.Body),
        DoWhileStatement s => Returns(s.Body),
        ForStatement s => Returns(s.Body),
        _ => false,
    };

    /// <summary>A view is a variable that only queries can name.</summary>
    public static string ViewName(string view) => ViewPrefix + view;

    /// <summary>What the names of views begin with among variables: no script can write it.</summary>
    public const string ViewPrefix = "view$";

    // A name that is no literal is refused where it would matter: in branches and loops.
    static string? RegisteredView(Call call) =>
        call.Function == "registerView" && call.Arguments.FirstOrDefault(a => a.Keyword is null or "viewName") is { Value: Literal { Value: string name } } ? name : null;

    static IEnumerable<string> All(Statement? statement) => statement switch
    {
        AssignStatement s => s.Targets.Select(t => t.Name),
        ExpressionStatement { Expression: Call call } => RegisteredView(call) is { } view ? [ViewName(view)] : [],
        BlockStatement s => s.Statements.SelectMany(All),
        IfStatement s => All(s.Then).Concat(All(s.Else)),
        WhileStatement s => All(s.Body),
        DoWhileStatement s => All(s.Body),
        ForStatement s => All(s.Body).Append(s.Variable),   // see ScriptLowering.For: an outer number of that name takes the last position
        _ => [],
    };
}
