using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Real;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary><c>--json</c>: every command, every line of both streams, word for word; and the page that documents the fields.</summary>
[Collection(OnRealCluster.Name)]
public sealed partial class JsonTests : IDisposable
{
    readonly string root = $"/home/hpc/.daphne-json-{Guid.NewGuid():n}"[..30];
    readonly Scratch folder = new();

    static string Golden => Path.Combine(Repository.Root, "tests", "golden", "cli", "json.txt");

    public void Dispose()
    {
        RealCluster.On("login", $"rm -rf {root}");
        folder.Dispose();
    }

    [Fact]
    public async Task Every_command_speaks_json()
    {
        var text = new StringBuilder();
        folder.Write("x.daphne", "print(sum(rand(10, 10, 1.0, 1.0, 1.0, 1) + 1.0)); print(\"b\", true, true);");
        folder.Write("y.daphne", "print(1);");
        string[] slurm = ["slurm", "--json", "--ssh-config", RealCluster.SshConfig, "-d", root, "-l", "login"], ssh = ["ssh", "--json", "--ssh-config", RealCluster.SshConfig, "--pathToBuild", root, "--peers", "node1"];
        Directory.CreateDirectory(Path.Combine(folder.Root, "published"));
        folder.Write("published/daphne", "the program");

        await Run("bundle", "--json", "published", "packed");
        await Run("bundle", "--json");
        await Run("bundle", "--json", "nothing");
        await Run([.. slurm, "package"]);
        await Run([.. slurm, "transfer"]);
        await Run([.. slurm, "-n", "1", "start", "-R=-t 5"]);
        await Run([.. slurm, "wait"]);
        await Run([.. slurm, "status"]);
        await Run([.. slurm, "run", "x.daphne"]);
        await Run([.. slurm, "run", "nothing.daphne"]);
        string run = JsonDocument.Parse((await Run([.. slurm, "--coordinator=login", "--detach", "run", "y.daphne"])).Output).RootElement.GetProperty("run").GetString()!;
        string id = JsonDocument.Parse((await Run("clusters", "--json", "list")).Output).RootElement.GetProperty("cluster").GetString()!;
        await Run([.. slurm, "output", run]);
        await Run("clusters", "status", id, "--json");
        await Run("clusters", "env", id, "--json");
        await Run("clusters", "--json", "attach", id, "true");
        await Run([.. slurm, "check"]);
        await Run([.. slurm, "stop"]);
        await Run("clusters", "env", id, "--json");
        await Run([.. slurm, "clean"]);
        await Run([.. slurm, "strat"]);
        await Run([.. ssh, "--deploy"]);
        string second = JsonDocument.Parse((await Run([.. ssh, "-r"])).Output).RootElement.GetProperty("cluster").GetString()!;
        await Run([.. ssh, "-s"]);
        await Run("clusters", "--json", "logs", second);
        await Run("clusters", "--json", "stop", second);
        await Run("clusters", "--json", "sweep");
        await Run("clusters", "--json", "clean", second);
        await Run([.. ssh, "--kill"]);
        Check(text.ToString());

        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "deployment.md"));
        foreach (string field in JsonName().Matches(text.ToString()).Select(m => m.Groups[1].Value).Distinct().Where(f => f.All(c => !char.IsUpper(c) || f != f.ToUpperInvariant())))
            Assert.True(page.Contains($"`{field}`", StringComparison.Ordinal), $"docs/deployment.md does not tell what '{field}' is");

        async Task<ToolResult> Run(params string[] words)
        {
            var result = await Tool.RunAsync(folder, new() { ["DAPHNE_BUNDLE"] = TestBundle.Path }, words);
            text.Append($"$ daphne {string.Join(' ', words.SkipWhile(w => w is not ("bundle" or "slurm" or "clusters" or "ssh")).Where(w => w != RealCluster.SshConfig && w != root && w is not ("--ssh-config" or "-d" or "--pathToBuild")))}\n");
            foreach (string line in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)) text.Append($"out {Parsed(line)}\n");
            // How long a job waits is the day's affair.
            foreach (string line in result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                if (!Parsed(line).Contains("\"step\":\"waiting\"", StringComparison.Ordinal)) text.Append($"err {line}\n");
            text.Append($"status {result.Status}\n\n");
            return result;
        }

        static string Parsed(string line)
        {
            using var one = JsonDocument.Parse(line);
            Assert.True(one.RootElement.GetProperty("type").GetString() is { Length: > 0 });
            return line;
        }
    }

    // What differs from run to run.
    void Check(string text)
    {
        text = text.Replace(root, "ROOT", StringComparison.Ordinal).Replace(folder.Root, "HERE", StringComparison.Ordinal).Replace(TestBundle.Path, "BUNDLE", StringComparison.Ordinal);
        text = Hash().Replace(text, "daphne-HASH");
        text = Id().Replace(text, "ID");
        text = RunName().Replace(text, "RUN");
        text = Numbers().Replace(text, "$1N");
        text = Port().Replace(text, "$1:PORT");
        text = Time().Replace(text, "TIME");
        text = Free().Replace(text, "N MB free");
        text = Process().Replace(text, "process N");
        text = Glibc().Replace(text, "glibc VERSION");
        text = Nearer().Replace(text, "$1");
        GoldenText.Check(Golden, text);
    }

    [GeneratedRegex("daphne-[0-9a-f]{16}")] private static partial Regex Hash();
    [GeneratedRegex(@"\b[0-9a-f]{10}\b")] private static partial Regex Id();
    [GeneratedRegex(@"\b(?=[0-9a-f]*[a-f])[0-9a-f]{8}\b|(?<=""run"":"")[0-9a-f]{8}")] private static partial Regex RunName();
    [GeneratedRegex(@"((?:""job"":|job |""bytes"":))\d+")] private static partial Regex Numbers();
    [GeneratedRegex(@"((?:node\d|login|127\.0\.0\.1|localhost|host-\d)):\d+")] private static partial Regex Port();
    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[0-9:.]+Z?")] private static partial Regex Time();
    [GeneratedRegex(@"\d+ MB free")] private static partial Regex Free();
    [GeneratedRegex(@"process \d+")] private static partial Regex Process();
    [GeneratedRegex(@"glibc [0-9.]+")] private static partial Regex Glibc();
    [GeneratedRegex(@"(node)[123]\b(?=""|:PORT| )")] private static partial Regex Nearer();
    [GeneratedRegex(@"""([A-Za-z_]+)"":")] private static partial Regex JsonName();
}
