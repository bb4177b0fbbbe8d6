using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Cli;

/// <summary><c>--config FILE</c>: settings below those of the command line.</summary>
static class ConfigFile
{
    /// <summary>Writes what the file says into the settings. A file that is not there is worth a warning.</summary>
    /// <exception cref="ScriptException">It cannot be read, is no JSON, has an unknown key, or a key has a value it does not take; every such key is named.</exception>
    public static void Apply(string path, FilePolicy files, ToolSettings settings, TextWriter error)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(files.ForReading(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            error.Write(Diag.ConfigMissing.At(default, path));
            return;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ScriptException(Diag.ConfigUnreadable.At(default, path, Directory.Exists(files.ForReading(path)) ? "it is a folder" : e.Message), e);
        }
        var mistakes = new DiagnosticBag();
        var all = ConfigJson.Read(bytes, path);
        if (all.Value is not IReadOnlyList<ConfigEntry>) mistakes.Report(Diag.ConfigMalformed, all.Span, "it is one object, { \"key\": value, … }");
        foreach (var entry in all.Entries)
        {
            var key = Array.Find(ConfigTable.All, k => k.Name == entry.Key);
            if (key is null) mistakes.Report(Diag.ConfigUnknownKey, entry.Span, entry.Key, Nearest.To(entry.Key, ConfigTable.All.Select(k => k.Name)) is { } near ? $"did you mean '{near}'?" : "its keys are those of the original's UserConfig.json");
            else if (!key.Apply(settings, entry.Value)) mistakes.Report(Diag.ConfigValue, entry.Value.Span, key.Name, key.Must);
        }
        mistakes.ThrowIfErrors();
    }
}
