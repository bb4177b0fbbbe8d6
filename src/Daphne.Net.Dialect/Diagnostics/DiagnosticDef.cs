using System.Globalization;

namespace Daphne.Net.Dialect;

/// <summary>In which stage of a script's way a mistake shows. The number is the exit code of the tool.</summary>
public enum Stage
{
    /// <summary>Reading the script and its arguments, binding names and calls.</summary>
    Parse = 1,
    /// <summary>Compiler passes: types, shapes, SQL.</summary>
    Compile = 2,
    /// <summary>Running the program.</summary>
    Execute = 3,
}

/// <summary>How bad a diagnostic is.</summary>
public enum Severity
{
    /// <summary>The script runs.</summary>
    Warning,
    /// <summary>The script does not run, or not on.</summary>
    Error,
}

/// <summary>One kind of diagnostic, declared once in <see cref="Diag"/>.</summary>
/// <param name="Code"><c>DPH</c> and four digits; a retired code is never given out again.</param>
/// <param name="Stage">Where it shows; decides the exit code.</param>
/// <param name="Message">What is wrong, with <c>{0}</c> … for the details.</param>
/// <param name="Hint">The cure, with the same details; null where the message says it all.</param>
/// <param name="Severity">Error unless said otherwise.</param>
public sealed record DiagnosticDef(string Code, Stage Stage, string Message, string? Hint = null, Severity Severity = Severity.Error)
{
    /// <summary>Fills in the details.</summary>
    public Diagnostic At(SourceSpan span, params object?[] details)
    {
        object?[] words = Array.ConvertAll(details, InWords);
        return new(this, span,
            string.Format(CultureInfo.InvariantCulture, Message, words),
            Hint is null ? null : string.Format(CultureInfo.InvariantCulture, Hint, words));
    }

    // As scripts spell them.
    static object? InWords(object? detail) => detail switch
    {
        double.NaN or float.NaN => "nan",
        double.PositiveInfinity or float.PositiveInfinity => "inf",
        double.NegativeInfinity or float.NegativeInfinity => "-inf",
        _ => detail,
    };

    /// <summary>The same as an exception that stops what is being done, for code that knows no place; whoever knows it adds it with <see cref="RaisedException.At"/>.</summary>
    public RaisedException Raise(params object?[] details) => new(this, details);
}

/// <summary>A diagnostic at its place.</summary>
/// <param name="Def">Its kind.</param>
/// <param name="Span">Its place.</param>
/// <param name="Message">The message with details filled in.</param>
/// <param name="Hint">The cure with details filled in.</param>
public sealed record Diagnostic(DiagnosticDef Def, SourceSpan Span, string Message, string? Hint)
{
    /// <summary>The first line: <c>k.daph:12:9: error DPH2104: …</c>.</summary>
    public string Headline => $"{(Span.Source is null ? "" : Span + ": ")}{(Def.Severity == Severity.Error ? "error" : "warning")} {Def.Code}: {Message}";

    /// <summary>The headline, the source line, a run of carets below the span, the hint; lines end with <c>\n</c>.</summary>
    public override string ToString() => DiagnosticText.Render(this);
}
