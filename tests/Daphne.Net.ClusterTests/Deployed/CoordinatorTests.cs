using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Real;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>The sample that finds clusters in real data, coordinated here, on the login node, in the job; and a laptop that is closed meanwhile.</summary>
[Collection(OnRealCluster.Name)]
public sealed class CoordinatorTests(ITestOutputHelper log) : IDisposable
{
    readonly string root = $"/home/hpc/.daphne-co-{Guid.NewGuid():n}"[..30];
    readonly Scratch folder = new();

    public void Dispose()
    {
        RealCluster.On("login", $"rm -rf {root}");
        folder.Dispose();
    }

    [Fact]
    public async Task The_same_script_gives_the_same_from_everywhere_and_goes_on_when_the_laptop_is_closed()
    {
        string script = Path.Combine(Repository.Root, "samples", "kmeans.daphne"), here = Path.Combine(Repository.Root, "samples", "data"), there = Path.Combine(RealCluster.Home, Path.GetFileName(root), "data");
        Directory.CreateDirectory(there);
        foreach (string file in Directory.GetFiles(here, "wine*")) File.Copy(file, Path.Combine(there, Path.GetFileName(file)));
        RealCluster.Control("exec", "login", "chown", "-R", "hpc", root);
        string[] rest = ["k=3", "maxIter=100", "seed=7"];
        var local = await Tool.RunAsync(folder, [script, $"data=\"{here}/wine.csv\"", .. rest]);
        Assert.Equal(0, local.Status);

        await Good("-n", "2", "start", "-R=-t 10");
        await Good("wait");
        try
        {
            Assert.Equal(local.Output, await Good(["--coordinator=here", "run", script, $"data=\"{here}/wine.csv\"", .. rest]));
            foreach (string where in (string[])["login", "job"]) Assert.Equal(local.Output, await Good(["--coordinator=" + where, "run", script, $"data=\"{root}/data/wine.csv\"", .. rest]));

            // The same, with something to see at its beginning and a while to go; then the program that started it is gone, at once and without a word.
            folder.Write("long.daphne", $"print(\"begun\", true, true);\nX = fill(1.0, 1000, 20);\nfor (i in 1:300) {{ X = exp(sqrt(X)) / exp(sqrt(X)); }}\nprint(sum(X));\n{File.ReadAllText(script)}");
            using (var laptop = Tool.Start(folder, Bundle, Tool.Program, Words(["--coordinator=job", "run", "long.daphne", $"data=\"{root}/data/wine.csv\"", .. rest])))
            {
                while (await laptop.ErrorLineAsync() is var line && line != "begun") log.WriteLine(line);
                Signal.Send(laptop.Id, Signal.Kill);
            }
            Assert.Equal("20000\n" + local.Output, await Good("output"));
        }
        finally
        {
            await Good("clean");
        }
    }

    static Dictionary<string, string> Bundle => new() { ["DAPHNE_BUNDLE"] = TestBundle.Path };

    string[] Words(params string[] words) => ["slurm", "--ssh-config", RealCluster.SshConfig, "-d", root, "-l", "login", .. words];

    async Task<string> Good(params string[] words)
    {
        var result = await SlurmCommandTests.RunAsync(folder, log, Words(words), null, Bundle);
        Assert.True(result.Status == 0, $"{string.Join(' ', words)} ended with {result.Status}: {result.Error}");
        return result.Output;
    }
}
