using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary><c>[options] script [name=value ...]</c>: options take one or two dashes, and their value behind <c>=</c> or as the next word.</summary>
static class OptionParser
{
    /// <param name="words">The command line.</param>
    /// <param name="below">Settings that hold where the command line says nothing; written into.</param>
    /// <exception cref="ScriptException">The command line is wrong.</exception>
    public static ToolSettings Parse(IReadOnlyList<string> words, ToolSettings? below = null)
    {
        var settings = below ?? new ToolSettings();
        int i = 0;
        for (; i < words.Count && settings.Script is null; i++)
        {
            string word = words[i];
            if (word is "-h") settings.Help = true;
            else if (word.Length > 1 && word[0] == '-') ParseOption(settings, words, ref i);
            else settings.Script = word;
        }
        if (settings.Help || settings.Version) return settings;
        if (settings.Script is null) throw Wrong(Diag.NoScript);
        for (; i < words.Count; i++)
        {
            int at = words[i].IndexOf('=');
            if (words[i][0..Math.Min(1, words[i].Length)] == "-") throw Wrong(Diag.OptionBehindScript, words[i]);
            if (at <= 0) throw Wrong(Diag.BadScriptArgument, words[i]);
            settings.Arguments.Add(new(words[i][..at], words[i][(at + 1)..]));
        }
        HashSet<string> seen = [];
        foreach (var (name, _) in settings.Arguments)
            if (!seen.Add(name)) throw Wrong(Diag.DuplicateScriptArgument, name);
        return settings;
    }

    static void ParseOption(ToolSettings settings, IReadOnlyList<string> words, ref int i)
    {
        string word = words[i], body = word.TrimStart('-');
        int at = body.IndexOf('=');
        string name = at < 0 ? body : body[..at];
        string? value = at < 0 ? null : body[(at + 1)..];

        var option = Array.Find(OptionTable.All, o => o.Name == name || o.Alias == name);
        if (option is null && Array.Find(OptionTable.All, o => o.ChoicesAreSwitches && o.Choices.Contains(name)) is { } owner && value is null)
            (option, value) = (owner, name);
        if (option is null) throw Wrong(Diag.UnknownOption, word[..(word.Length - body.Length)] + name, Suggest(name));

        string shown = "--" + option.Name;
        if (option.Value is null) value ??= "true";
        else if (value is null)
        {
            if (i + 1 >= words.Count) throw Wrong(Diag.OptionNeedsValue, shown, Takes(option));
            value = words[++i];
        }
        if (option.Choices.Length > 0 && !option.Choices.Contains(value)) throw Wrong(Diag.BadOptionValue, shown, value, Takes(option));
        if (option.Apply(settings, value) is { } problem) throw Wrong(Diag.BadOptionValue, shown, value, problem);
    }

    static string Takes(ToolOption option) => option.Choices.Length > 0 ? "it takes " + string.Join(", ", option.Choices) : option.Help;

    static string Suggest(string name)
    {
        var names = OptionTable.All.SelectMany(o => o.ChoicesAreSwitches ? [o.Name, .. o.Choices] : new[] { o.Name });
        // Written in another case; begun and not ended, if only one begins like that; else the one that looks most like it.
        var begun = names.Where(n => n.StartsWith(name, StringComparison.Ordinal)).ToArray();
        string? meant = names.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? (begun.Length == 1 ? begun[0] : Nearest.To(name, names));
        return meant is null ? "daphne --help lists the options" : $"did you mean --{meant}?";
    }

    static ScriptException Wrong(DiagnosticDef def, params object?[] details) => new(def.At(default, details));
}
