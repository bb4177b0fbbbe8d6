using System.Text;

namespace Daphne.Net.Dialect;

/// <summary>How a diagnostic is shown to a person.</summary>
static class DiagnosticText
{
    // A script can be one line of megabytes; show the part around the place.
    const int Window = 160;

    public static string Render(Diagnostic d)
    {
        var text = new StringBuilder(d.Headline).Append('\n');
        if (d.Span.Source is { } source)
        {
            var (line, column) = source.Position(d.Span.Start);
            var shown = source.Line(line);
            int first = column - 1 > Window / 2 ? column - 1 - Window / 2 : 0;
            shown = shown[Math.Min(first, shown.Length)..];
            if (shown.Length > Window) shown = shown[..Window];
            int at = column - 1 - first, width = Math.Clamp(d.Span.Length, 1, Math.Max(1, shown.Length - at));
            text.Append("  ").Append(shown).Append("\n  ");
            for (int i = 0; i < at; i++) text.Append(i < shown.Length && shown[i] == '\t' ? '\t' : ' ');
            text.Append('^', width).Append('\n');
        }
        if (d.Hint is not null) text.Append("hint: ").Append(d.Hint).Append('\n');
        return text.ToString();
    }
}
