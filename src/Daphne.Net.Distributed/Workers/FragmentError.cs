using System.Globalization;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>
/// An operation of a fragment that failed, as one line of text on its way from the worker to the coordinator. The line of the fragment is the place: who made
/// the fragment knows which operation of the script that is.
/// </summary>
static class FragmentError
{
    const string Begin = "line ";

    /// <summary><c>line 3: sqrt(-1) has no result (DPH3103: sqrt takes numbers from 0 on)</c>.</summary>
    public static string Write(ScriptException e)
    {
        var first = e.Diagnostics.First(d => d.Def.Severity == Severity.Error);
        string text = $"{first.Message} ({first.Def.Code}{(first.Hint is null ? "" : $": {first.Hint}")})";
        return first.Span.Source is { } source ? string.Create(CultureInfo.InvariantCulture, $"{Begin}{source.Position(first.Span.Start).Line}: {text}") : text;
    }

    /// <summary>The line (from 1) and the rest; no line where the text names none, as that of a worker of the original.</summary>
    public static (int? Line, string Text) Read(string text)
    {
        int colon = text.IndexOf(": ", StringComparison.Ordinal);
        return colon > Begin.Length && text.StartsWith(Begin, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(Begin.Length, colon - Begin.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int line)
            ? (line, text[(colon + 2)..]) : (null, text);
    }
}
