using Daphne.Net.Dialect;

namespace Daphne.Net.Language;

/// <summary>Script arguments (<c>name=value</c> on the command line, <c>$name</c> in the script).</summary>
public static class ScriptArguments
{
    /// <summary>
    /// Reads a value: one literal as a script would write it, strings with their quotes, with at most one leading minus. As in a script, a minus
    /// before an unsigned number wraps. Null after a report to <paramref name="diagnostics"/>.
    /// </summary>
    public static Literal? ParseLiteral(string name, string text, DiagnosticBag diagnostics)
    {
        var source = new SourceText(text, $"<argument {name}>");
        bool minus = text.StartsWith('-');
        var problems = new DiagnosticBag();
        var tokens = Lexer.Run(source, problems);
        int first = minus ? 1 : 0;
        var literal = !problems.HasErrors && tokens.Length == first + 2 ? LiteralText.Of(tokens[first], source, problems) : null;
        if (minus && literal is not null) literal = Negate(literal);
        if (literal is null)
        {
            foreach (var problem in problems.All) diagnostics.Add(problem);
            if (!problems.HasErrors) diagnostics.Report(Diag.ArgumentNotALiteral, new SourceSpan(source, 0, text.Length), name, text);
        }
        return literal;
    }

    /// <summary>Reads a value; see <see cref="ParseLiteral(string, string, DiagnosticBag)"/>.</summary>
    /// <returns>The value type, and the value as <see cref="Literal"/> holds it.</returns>
    /// <exception cref="ScriptException"><paramref name="text"/> is not one literal.</exception>
    public static (ValueTypeCode Type, object Value) ParseLiteral(string name, string text)
    {
        var diagnostics = new DiagnosticBag();
        var literal = ParseLiteral(name, text, diagnostics);
        return literal is null ? throw new ScriptException(diagnostics.All) : (literal.ValueType, literal.Value);
    }

    static Literal? Negate(Literal literal) => literal.Value switch
    {
        long value => literal with { Value = unchecked(-value) },
        ulong value => literal with { Value = unchecked(0 - value) },
        double value => literal with { Value = -value },
        float value => literal with { Value = -value },
        bool => literal,   // the one-bit negative of a bit is itself
        _ => null,
    };
}
