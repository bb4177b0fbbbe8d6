using System.Globalization;
using System.Text;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Golden;

/// <summary>A recorded script with what the original printed for it and how it ended.</summary>
sealed class DslCase(string path)
{
    /// <summary>Folder and name, for instance <c>core/agg-basic-01</c>.</summary>
    public string Name { get; } = Path.GetFileName(Path.GetDirectoryName(path)) + "/" + Path.GetFileNameWithoutExtension(path);

    string Recorded(string extension) => File.Exists(Path.ChangeExtension(path, extension)) ? File.ReadAllText(Path.ChangeExtension(path, extension)) : "";

    public static IEnumerable<DslCase> In(string folder) =>
        Directory.GetFiles(Repository.Golden("dsl/" + folder), "*.daphne").Order(StringComparer.Ordinal).Where(f => File.Exists(Path.ChangeExtension(f, ".rc"))).Select(f => new DslCase(f));

    /// <summary>Options of the tool, which this runner does not go through.</summary>
    public string Options => Recorded(".opts").Trim();

    /// <summary>What differs from the recording; null where nothing does.</summary>
    public string? Difference()
    {
        var (status, output, errors, missing) = Run();
        // A script that is recorded as wrong must be found wrong for its own reason.
        if (missing) return $"needs what is not there yet\n{errors}";
        int expected = int.Parse(Recorded(".rc"), CultureInfo.InvariantCulture);
        if (Exit(status) != Exit(expected)) return $"ends with {status}, not {expected}\n{errors}";
        if (!Same(Recorded(".out"), output)) return $"prints\n{output}instead of\n{Recorded(".out")}";
        return status == 0 && !Same(Recorded(".err"), errors) ? $"prints to the error stream\n{errors}" : null;
    }

    // An error may be found early or late.
    static int Exit(int status) => status == 3 ? 2 : status;

    (int Status, string Output, string Errors, bool Missing) Run()
    {
        // print writes \n whatever the machine.
        StringWriter output = new(), errors = new();
        try
        {
            var inputs = new ScriptInputs();
            foreach (string argument in Words(Recorded(".args")))
            {
                string[] parts = argument.Split('=', 2);
                inputs.AddLiteral(parts[0], parts[1]);
            }
            string folder = Path.GetDirectoryName(path)!;
            var result = ScriptEngine.Run(new SourceText(File.ReadAllText(path), Path.GetFileName(path)), inputs,
                new ScriptOptions { Output = output, Error = errors, Files = new(folder, MayRead: true, MayWrite: false), Vectorize = Options.Contains("--vec", StringComparison.Ordinal) });
            Assert.Empty(result.Outputs);
            return (0, output.ToString(), errors.ToString(), false);
        }
        catch (ScriptException e)
        {
            return ((int)e.Stage, output.ToString(), e.Message, e.Diagnostics.Any(d => d.Def == Diag.NotSupportedYet || d.Def == Diag.NotThisTypeYet));
        }
    }

    // core splits at blanks; data like a shell, but none of its arguments needs more than that.
    static string[] Words(string line) => line.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The original prints <c>-nan</c> where the sign bit happens to be set.</summary>
    static bool Same(string recorded, string printed) => recorded.Replace("-nan", "nan", StringComparison.Ordinal) == printed;

    public override string ToString() => Name;
}
