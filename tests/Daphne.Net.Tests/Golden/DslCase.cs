using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Daphne.Net.Cli;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Golden;

/// <summary>A recorded script with what the original printed for it and how it ended.</summary>
/// <param name="path">The script.</param>
/// <param name="folder">A copy of the files beside it; scripts read and write there.</param>
sealed class DslCase(string path, string folder)
{
    /// <summary>Folder and name, for instance <c>core/agg-basic-01</c>.</summary>
    public string Name { get; } = Path.GetFileName(Path.GetDirectoryName(path)) + "/" + Path.GetFileNameWithoutExtension(path);

    string Recorded(string extension) => File.Exists(Path.ChangeExtension(path, extension)) ? File.ReadAllText(Path.ChangeExtension(path, extension)) : "";

    /// <summary>Options of the tool.</summary>
    public string Options => Recorded(".opts").Trim();

    /// <summary>Fuse pipelines and cut them into batches of single rows.</summary>
    public bool ByRows { get; init; }

    /// <summary>Run it as the tool does, with the recorded command line.</summary>
    public bool ThroughTool { get; init; }

    /// <summary>What differs from the recording; null where nothing does.</summary>
    public string? Difference()
    {
        var (status, output, errors, missing) = Run();
        // A script that is recorded as wrong must be found wrong for its own reason.
        if (missing) return $"needs what is not there yet\n{errors}";
        int expected = int.Parse(Recorded(".rc"), CultureInfo.InvariantCulture);
        if (Exit(status) != Exit(expected)) return $"ends with {status}, not {expected}\n{errors}";
        if (!Same(Recorded(".out"), output)) return $"prints\n{output}instead of\n{Recorded(".out")}";
        return status == 0 && !Same(Recorded(".err"), errors) ? $"prints to the error stream\n{errors}" : WrittenDifference();
    }

    // An error may be found early or late.
    static int Exit(int status) => status == 3 ? 2 : status;

    (int Status, string Output, string Errors, bool Missing) Run() => ThroughTool ? RunTool() : RunEngine();

    (int Status, string Output, string Errors, bool Missing) RunTool()
    {
        StringWriter output = new(), errors = new();
        string[] line = [.. Words(Options), Path.GetFileName(path), .. Words(Recorded(".args"))];
        int status = RunCommand.Run(line, output, errors, new(folder, MayRead: true, MayWrite: true));
        // What stop() logs was not recorded.
        string printed = status == 0 ? output.ToString() : Regex.Replace(output.ToString(), @"^\[error\].*\n\z", "", RegexOptions.Multiline);
        return (status, printed, errors.ToString(), Regex.IsMatch(errors.ToString(), $"error ({Diag.NotSupportedYet.Code}|{Diag.NotThisTypeYet.Code}):"));
    }

    (int Status, string Output, string Errors, bool Missing) RunEngine()
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
            var result = ScriptEngine.Run(new SourceText(File.ReadAllText(path), Path.GetFileName(path)), inputs,
                new ScriptOptions { ScriptPath = Path.Combine(folder, Path.GetFileName(path)), Output = output, Error = errors, Files = new(folder, MayRead: true, MayWrite: true), Vectorize = ByRows || Options.Contains("--vec", StringComparison.Ordinal),
                    Backend = ByRows ? (engine, statistics) => new LocalPipelineBackend(engine, statistics, batchBytes: 1) : null });
            Assert.Empty(result.Outputs);
            return (0, output.ToString(), errors.ToString(), false);
        }
        catch (ScriptException e)
        {
            return ((int)e.Stage, output.ToString(), e.Message, e.Diagnostics.Any(d => d.Def == Diag.NotSupportedYet || d.Def == Diag.NotThisTypeYet));
        }
    }

    // Blanks separate, except between single quotes: no more of a shell is needed here.
    static IEnumerable<string> Words(string line) =>
        Regex.Matches(line, "('[^']*'|[^'\\s])+").Select(m => m.Value.Replace("'", "", StringComparison.Ordinal));

    string? WrittenDifference()
    {
        string prefix = Path.GetFileNameWithoutExtension(path) + ".written";
        string[] recorded = Files(Path.GetDirectoryName(path)!), written = Files(folder);
        if (!recorded.SequenceEqual(written)) return $"writes {string.Join(", ", written)}, not {string.Join(", ", recorded)}";
        return recorded.Where(f => !SameFile(f)).Select(f => $"writes another {f}").FirstOrDefault();

        string[] Files(string where) => [.. Directory.GetFiles(where, prefix + "*").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
    }

    // Numbers in CSV files: the original cuts them to six decimals, here they come back as they were.
    bool SameFile(string file)
    {
        byte[] recorded = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(path)!, file)), written = File.ReadAllBytes(Path.Combine(folder, file));
        if (recorded.AsSpan().SequenceEqual(written)) return true;
        if (!file.EndsWith(".csv", StringComparison.Ordinal)) return false;
        string[] a = Fields(recorded), b = Fields(written);
        return a.Length == b.Length && a.Zip(b).All(p => p.First.Replace("-nan", "nan", StringComparison.Ordinal) == p.Second || Math.Abs(Number(p.First) - Number(p.Second)) <= 5e-7);

        static string[] Fields(byte[] text) => Encoding.UTF8.GetString(text).Split(',', '\n');
        static double Number(string field) => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;
    }

    /// <summary>The original prints <c>-nan</c> where the sign bit happens to be set.</summary>
    static bool Same(string recorded, string printed) => recorded.Replace("-nan", "nan", StringComparison.Ordinal) == printed;
}
