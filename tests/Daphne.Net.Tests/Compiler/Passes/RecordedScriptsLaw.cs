using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Golden;
using Daphne.Net.Tests.Language;

namespace Daphne.Net.Tests.Compiler.Passes;

/// <summary>Passes keep meaning: every recorded script that runs prints the same whatever the compiler does with it, and its IR is sound at every stage.</summary>
public sealed class RecordedScriptsLaw(DslFolder folder) : IClassFixture<DslFolder>
{
    // Time, and random numbers without a seed.
    static readonly string[] never = ["now-01", "rand-seedless-01"];

    static readonly Dictionary<string, (string Output, int Status)> plainRuns = [];

    [Theory, InlineData("optimised"), InlineData("vectorized"), InlineData("distributed"), InlineData("plain, vectorized")]
    public void A_recorded_script_prints_the_same(string how)
    {
        List<string> differences = [];
        int compared = 0, pipelines = 0;
        foreach (string path in GoldenScripts.All.Where(p => GoldenScripts.ExitStatus(p) is not null and not 1 && !never.Contains(Path.GetFileNameWithoutExtension(p))))
        {
            string text = File.ReadAllText(path);
            var (plain, status) = Plain(text, path);
            if (status == 1) continue;
            string other = Run(text, path, Options(how), differences, out int otherStatus, ref pipelines);
            compared++;
            if (plain != other || status != otherStatus) differences.Add($"{Path.GetFileName(path)}: {status} {plain}\n---- {otherStatus}\n{other}");
        }
        Assert.True(differences.Count == 0, $"{differences.Count}\n" + string.Join("\n", differences));
        Assert.True(compared > 200 && (pipelines > 100) == (how != "optimised"), $"{compared} compared, {pipelines} pipelines");
    }

    (string Output, int Status) Plain(string text, string path)
    {
        if (plainRuns.TryGetValue(path, out var known)) return known;
        int none = 0;
        string output = Run(text, path, new() { Optimize = false }, null, out int status, ref none);
        return plainRuns[path] = (output, status);
    }

    static ScriptOptions Options(string how) => new()
    {
        Optimize = !how.StartsWith("plain", StringComparison.Ordinal), Vectorize = how != "optimised", Distributed = how == "distributed",
    };

    string Run(string text, string path, ScriptOptions options, List<string>? problems, out int status, ref int pipelines)
    {
        StringWriter output = new();
        status = 0;
        try
        {
            var result = ScriptEngine.Run(new SourceText(text, Path.GetFileName(path)), new(), options with
            {
                Output = output, Error = output, Files = new(Path.Combine(folder.Root, Path.GetFileName(Path.GetDirectoryName(path))!), MayRead: true, MayWrite: true),
                Explain = (stage, module) =>
                {
                    foreach (var problem in Verifier.Check(module)) problems?.Add($"{Path.GetFileName(path)} at {stage}: {problem}");
                },
            });
            pipelines += result.Statistics.Pipelines.Count;
        }
        catch (ScriptException e)
        {
            status = (int)e.Stage == 3 ? 2 : (int)e.Stage;
            if (e.Diagnostics.Any(d => d.Def == Diag.NotSupportedYet || d.Def == Diag.NotThisTypeYet)) status = 1;
        }
        return output.ToString();
    }
}
