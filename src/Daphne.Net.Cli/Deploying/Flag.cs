using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary>An option of a command that deploys: a row of its table.</summary>
/// <param name="Names">As written, dashes included: <c>-u</c>, <c>--user</c>.</param>
/// <param name="Value">What stands for the value in help; null for a switch.</param>
/// <param name="Help">One line.</param>
/// <param name="Apply">Writes the value into the settings; returns what is wrong with it, or null.</param>
sealed record Flag<TSettings>(string[] Names, string? Value, string Help, Func<TSettings, string, string?> Apply);

/// <summary>Reads command lines whose options may stand before and behind the command, as those of the original's scripts may.</summary>
static class Flags
{
    /// <returns>The words that are no options, in order. A single dash is a word; behind <c>--</c> everything is.</returns>
    public static List<string> Parse<TSettings>(IReadOnlyList<Flag<TSettings>> table, IReadOnlyList<string> words, TSettings settings)
    {
        List<string> rest = [];
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            if (word == "--")
            {
                rest.AddRange(words.Skip(i + 1));
                break;
            }
            if (word.Length < 2 || word[0] != '-')
            {
                rest.Add(word);
                continue;
            }
            int at = word.IndexOf('=');
            string name = at < 0 ? word : word[..at];
            string? value = at < 0 ? null : word[(at + 1)..];
            var flag = table.FirstOrDefault(f => f.Names.Contains(name))
                ?? throw Wrong(Diag.UnknownOption, name, Nearest.To(name, table.SelectMany(f => f.Names).Where(n => n.Length > 2)) is { } near ? $"did you mean {near}?" : "--help lists the options");
            if (flag.Value is not null && value is null)
            {
                if (++i == words.Count) throw Wrong(Diag.OptionNeedsValue, flag.Names[^1], flag.Help);
                value = words[i];
            }
            if (flag.Value is null && value is not null) throw Wrong(Diag.BadOptionValue, flag.Names[^1], value, "it is a switch and takes no value");
            if (flag.Apply(settings, value ?? "") is { } problem) throw Wrong(Diag.BadOptionValue, flag.Names[^1], value, problem);
        }
        return rest;
    }

    /// <summary>The table as help shows it.</summary>
    public static string Help<TSettings>(IEnumerable<Flag<TSettings>> table) => string.Concat(table.Select(flag =>
    {
        string names = string.Join(", ", flag.Names);
        string left = "  " + (flag.Value is null ? names : flag.Names[^1].StartsWith("--", StringComparison.Ordinal) ? $"{names}={flag.Value}" : $"{names} {flag.Value}");
        return (left.Length < 31 ? left.PadRight(31) : left + "\n" + new string(' ', 31)) + flag.Help + "\n";
    }));

    /// <summary>A whole number in a range, for <see cref="Flag{TSettings}.Apply"/>.</summary>
    public static string? Number(string text, int least, int most, Action<int> set)
    {
        if (!int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) || number < least || number > most) return $"it takes a whole number from {least} to {most}";
        set(number);
        return null;
    }

    static ScriptException Wrong(DiagnosticDef def, params object?[] details) => new(def.At(default, details));
}
