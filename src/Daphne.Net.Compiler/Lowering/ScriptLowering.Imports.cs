using Daphne.Net.Dialect;
using Daphne.Net.Language;

namespace Daphne.Net.Compiler;

// Imported scripts. One runs where it is imported, with variables and functions of its own; the importer then finds them behind the script's name
// and a dot. What it has imported itself stays its own.
sealed partial class ScriptLowering
{
    const int DeepestImports = 200, MostImports = 10_000;

    ScriptNames names;
    ImportSearch? search;
    int imports;

    // Where the import stands that brought a text, seen from the main script, and how many were brought before.
    Dictionary<SourceText, (int Start, int Order)>? broughtBy;
    Dictionary<string, Script?>? read;

    void Import(ImportStatement s)
    {
        string name = s.Alias ?? Path.GetFileNameWithoutExtension(s.Path);
        try
        {
            if (s.Alias is not null && !s.Alias.Split('.').All(IsName)) throw Diag.ImportAlias.Raise(s.Alias);
            foreach (var file in (search ??= new(options)).Find(s, names)) Import(file, PrefixOf(file, name, s.Alias is not null), s.Span);
        }
        catch (RaisedException e)
        {
            errors.AddRange(e.At(s.Span).Diagnostics);
            names.Failed.Add(name);
            throw new Abandoned();
        }
    }

    static bool IsName(string word) => word.Length > 0 && !char.IsAsciiDigit(word[0]) && word.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    string PrefixOf(ImportedFile file, string name, bool chosen)
    {
        string prefix = file.InLibrary ? $"{name}.{file.Stem}" : name;
        if (names.Imported.Add(prefix)) return prefix;
        string longer = $"{file.Folder}.{prefix}";
        if (chosen || file.InLibrary) throw Diag.ImportAliasTaken.Raise(prefix);
        return names.Imported.Add(longer) ? longer : throw Diag.ImportNameTaken.Raise(prefix, longer);
    }

    void Import(ImportedFile file, string prefix, SourceSpan span)
    {
        if (names.WayFrom(file.Identity) is { } way) throw Diag.ImportCycle.Raise(string.Join(" → ", way.Append(Path.GetFileName(file.Identity))));
        if (!names.Files.Add(file.Identity)) throw Diag.ImportTwice.Raise(file.Shown);
        if (names.Depth >= DeepestImports) throw Diag.ImportTooMany.Raise(DeepestImports, "one inside the other");
        if (++imports > MostImports) throw Diag.ImportTooMany.Raise(MostImports, "in all");
        if (Read(file, span) is not { } script)
        {
            names.Failed.Add(prefix);
            return;
        }
        var outside = (names, scopes);
        (names, scopes) = (names.Importing(file), new Scopes());
        AnnounceFunctions(script);
        LowerAll(script.Statements);
        var (theirNames, theirScope) = (names, scopes.Top);
        (names, scopes) = outside;
        foreach (var (name, variable) in theirScope)
            if (!name.Contains('.') && !IsView(name)) scopes.Declare($"{prefix}.{name}", variable.Value, variable.Assigned);
        foreach (var (name, overloads) in theirNames.Functions)
            if (!name.Contains('.')) names.Functions[$"{prefix}.{name}"] = overloads;
    }

    // Two scripts may import a third, which is then run twice and read once.
    Script? Read(ImportedFile file, SourceSpan span)
    {
        if ((read ??= []).TryGetValue(file.Identity, out var known)) return known;
        var mistakes = new DiagnosticBag();
        Script? script = null;
        try
        {
            var source = ScriptFile.Read(file.Path, file.Shown);
            (broughtBy ??= [])[source] = (InMain(span), broughtBy.Count);
            script = Parser.Parse(source, mistakes);
        }
        catch (ScriptException e)
        {
            foreach (var diagnostic in e.Diagnostics) mistakes.Add(diagnostic with { Span = span });
        }
        errors.AddRange(mistakes.All);
        return read[file.Identity] = mistakes.HasErrors ? null : script;
    }

    int InMain(SourceSpan span) => span.Source is { } source && broughtBy?.TryGetValue(source, out var import) == true ? import.Start : span.Start;

    // What is wrong in an imported script stands where the main script imports it.
    IEnumerable<Diagnostic> InOrder() => broughtBy is null ? errors.OrderBy(e => e.Span.InScript.Start)
        : errors.OrderBy(e => InMain(e.Span.InScript)).ThenBy(e => e.Span.InScript.Source is { } source && broughtBy.TryGetValue(source, out var import) ? import.Order : -1).ThenBy(e => e.Span.InScript.Start);
}
