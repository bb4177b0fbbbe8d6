using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>Something that is done.</summary>
public abstract record Statement : Node;

/// <summary>A whole script.</summary>
public sealed record Script(NodeList<Statement> Statements) : Node;

/// <summary><c>{ … }</c>.</summary>
public sealed record BlockStatement(NodeList<Statement> Statements) : Statement;

/// <summary><c>f(x);</c></summary>
public sealed record ExpressionStatement(Expression Expression) : Statement;

/// <summary>What an assignment writes to: a name, or part of the matrix behind a name.</summary>
public sealed record AssignTarget(string Name, Indexing? Index) : Node;

/// <summary><c>x, y[1, ] = f();</c></summary>
public sealed record AssignStatement(NodeList<AssignTarget> Targets, Expression Value) : Statement;

/// <summary><c>if (c) … else …</c>.</summary>
public sealed record IfStatement(Expression Condition, Statement Then, Statement? Else) : Statement;

/// <summary><c>while (c) …</c>.</summary>
public sealed record WhileStatement(Expression Condition, Statement Body) : Statement;

/// <summary><c>do … while (c);</c></summary>
public sealed record DoWhileStatement(Statement Body, Expression Condition) : Statement;

/// <summary><c>for (i in a:b:s) …</c>; both ends inclusive; a missing step is null.</summary>
public sealed record ForStatement(string Variable, Expression From, Expression To, Expression? Step, Statement Body) : Statement
{
    /// <summary>Where the variable stands.</summary>
    public SourceSpan VariableSpan { get; init; }

    /// <inheritdoc/>
    public bool Equals(ForStatement? other) => other is not null && Variable == other.Variable && From.Equals(other.From) && To.Equals(other.To) && Equals(Step, other.Step) && Body.Equals(other.Body);

    /// <inheritdoc/>
    public override int GetHashCode() => Variable.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A parameter of a user function; <paramref name="Type"/> is null where it is untyped.</summary>
public sealed record FunctionParameter(string Name, TypeName? Type) : Node;

/// <summary><c>def f(x: matrix&lt;f64&gt;, k) -> f64 { … }</c>; <paramref name="Results"/> is null where results are not declared.</summary>
public sealed record FunctionStatement(string Name, NodeList<FunctionParameter> Parameters, NodeList<TypeName>? Results, BlockStatement Body) : Statement
{
    /// <summary>Where the name stands.</summary>
    public SourceSpan NameSpan { get; init; }

    /// <inheritdoc/>
    public bool Equals(FunctionStatement? other) => other is not null && Name == other.Name && Parameters.Equals(other.Parameters) && Equals(Results, other.Results) && Body.Equals(other.Body);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary><c>return a, b;</c></summary>
public sealed record ReturnStatement(NodeList<Expression> Values) : Statement;

/// <summary><c>import "path" as "alias";</c></summary>
public sealed record ImportStatement(string Path, string? Alias) : Statement;
