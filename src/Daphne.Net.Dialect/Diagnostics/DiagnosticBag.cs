namespace Daphne.Net.Dialect;

/// <summary>Collects the diagnostics of one run, so that one run reports more than the first mistake.</summary>
public sealed class DiagnosticBag
{
    /// <summary>Errors beyond this many are not kept: the first ones explain the rest.</summary>
    public const int Most = 100;

    readonly List<Diagnostic> all = [];

    /// <summary>Everything reported so far, in order of report.</summary>
    public IReadOnlyList<Diagnostic> All => all;

    /// <summary>True once an error was reported.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Reports one diagnostic.</summary>
    public void Report(DiagnosticDef def, SourceSpan span, params object?[] details) => Add(def.At(span, details));

    /// <summary>Reports one diagnostic.</summary>
    public void Add(Diagnostic diagnostic)
    {
        HasErrors |= diagnostic.Def.Severity == Severity.Error;
        if (all.Count < Most) all.Add(diagnostic);
    }

    /// <summary>Stops the run if an error was reported.</summary>
    /// <exception cref="ScriptException">At least one error was reported.</exception>
    public void ThrowIfErrors()
    {
        if (HasErrors) throw new ScriptException(all);
    }
}
