namespace Daphne.Net.Dialect;

/// <summary>The script, or what it was given, is wrong. Carries every diagnostic of the run, in script order.</summary>
public sealed class ScriptException : Exception
{
    /// <summary>Stops a run with these diagnostics; at least one is an error.</summary>
    public ScriptException(IReadOnlyList<Diagnostic> diagnostics, Exception? inner = null)
        : base(string.Concat(diagnostics), inner) => Diagnostics = diagnostics;

    /// <summary>Stops a run with one diagnostic.</summary>
    public ScriptException(Diagnostic diagnostic, Exception? inner = null) : this([diagnostic], inner) { }

    /// <summary>What is wrong, where, and the cure.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>
    /// The earliest stage in which something is wrong; its number is the tool's exit code. A query is looked at while the script is still being read, and
    /// its mistakes do not hide that the script itself is wrong.
    /// </summary>
    public Stage Stage => Diagnostics.Where(d => d.Def.Severity == Severity.Error).Min(d => d.Def.Stage);
}

/// <summary>A diagnostic raised where its place is not known (in a kernel, a reader). Whoever runs the operation catches it and adds the place.</summary>
public sealed class RaisedException : Exception
{
    internal RaisedException(DiagnosticDef def, object?[] details, Exception? inner = null) : base(def.At(default, details).Message, inner) => (Def, Details) = (def, details);

    /// <summary>The kind of diagnostic.</summary>
    public DiagnosticDef Def { get; }

    /// <summary>What fills its message.</summary>
    public IReadOnlyList<object?> Details { get; }

    /// <summary>The same with its place.</summary>
    public ScriptException At(SourceSpan span) => new(Def.At(span, [.. Details]), this);
}
