using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Real;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>
/// Workers in an image: the command lines, the image's file and what of the machine is seen inside are real; the runtime is <c>tests/cluster/apptainer-double</c>,
/// not Apptainer.
/// </summary>
[Collection(OnRealCluster.Name)]
public sealed class ContainerTests : IDisposable
{
    static readonly string theDouble = Path.Combine(Repository.Root, "tests", "cluster", "apptainer-double");

    readonly string root = $"/home/hpc/.daphne-sif-{Guid.NewGuid():n}"[..30];
    readonly Scratch folder = new();
    readonly ITestOutputHelper log;

    public ContainerTests(ITestOutputHelper log)
    {
        this.log = log;
        // On every host's PATH, as a module of the site would put it there; /opt is what the hosts share with this machine.
        File.Copy(theDouble, "/usr/local/bin/apptainer", overwrite: true);
        File.SetUnixFileMode("/usr/local/bin/apptainer", (UnixFileMode)0b111_101_101);
    }

    public void Dispose()
    {
        File.Delete("/usr/local/bin/apptainer");
        RealCluster.On("login", $"rm -rf {root}");
        folder.Dispose();
    }

    [Fact]
    public async Task An_image_is_built_and_sent_and_workers_run_in_it()
    {
        // A root file system with what the bundle needs of the system: its libraries, a shell, and a mark that says where we are.
        string system = Path.Combine(folder.Root, "system");
        Directory.CreateDirectory(Path.Combine(system, "etc"));
        string image = await Good(["-l", "login", "singularity", system]);
        Assert.Equal($"{root}/images/daphne.sif\n", image);

        string script = await Good(["-l", "login", "-n", "1", "-G=--bind /usr,/lib,/lib64,/bin", "--show-script", "start"]);
        Assert.Contains($"apptainer exec --bind {root} --bind /usr,/lib,/lib64,/bin {root}/images/daphne.sif {root}/bundles/", script);

        await Good(["-l", "login", "-n", "2", "-G=--bind /usr,/lib,/lib64,/bin", "start", "-R=-t 5"]);
        try
        {
            await Good(["-l", "login", "wait", "--timeout=60"]);
            Assert.Equal("20000\n", await Good(["-l", "login", "run"], "X = rand(1000, 10, 1.0, 1.0, 1.0, 1); print(sum(X + 1.0));"));
            Assert.Equal("20000\n", await Good(["-l", "login", "--coordinator=login", "run"], "X = rand(1000, 10, 1.0, 1.0, 1.0, 1); print(sum(X + 1.0));"));
        }
        finally
        {
            await Good(["-l", "login", "clean"]);
        }
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_named()
    {
        await Good(["-l", "login", "-n", "1", "-G=--nv", "start", "-R=-t 5"]);
        var waits = await Run(["-l", "login", "wait", "--timeout=60"], null);
        Assert.Equal(3, waits.Status);
        Assert.Contains($"could not open image {root}/images/daphne.sif", waits.Error);
        await Good(["-l", "login", "clean"]);
    }

    [Fact]
    public async Task The_look_at_a_node_names_what_a_container_lacks()
    {
        string missing = await Missing("--image=/nowhere/x.sif");
        Assert.Contains("image       /nowhere/x.sif is not there", missing);
        string system = Directory.CreateDirectory(Path.Combine(folder.Root, "system", "etc")).Parent!.FullName;
        await Good(["-l", "login", "singularity", system]);
        Assert.Contains("bind path   /no/such/path, which is to be bound into the image, is not there", await Missing("-G=--bind /usr,/no/such/path:/x"));
        // The login node has a runtime, the nodes have none: as with a module that is loaded there only.
        string[] nodes = ["node1", "node2", "node3"];
        foreach (string node in nodes) RealCluster.Control("exec", node, "mount", "--bind", "/dev/null", "/usr/local/bin/apptainer");
        try
        {
            Assert.Contains("containers  /usr/local/bin/apptainer is not on the PATH of the node", await Missing("-G=--bind /usr,/lib,/lib64,/bin"));
        }
        finally
        {
            foreach (string node in nodes) RealCluster.Control("exec", node, "umount", "/usr/local/bin/apptainer");
        }
        Assert.DoesNotContain("MISSING", await Good(["-l", "login", "-G=--bind /usr,/lib,/lib64,/bin", "check"]));

        async Task<string> Missing(string option)
        {
            var found = await Run(["-l", "login", option, "check"], null);
            Assert.Equal(3, found.Status);
            return Assert.Single(found.Output.Split('\n'), l => l.StartsWith("MISSING ", StringComparison.Ordinal));
        }
    }

    Task<ToolResult> Run(string[] words, string? input) =>
        SlurmCommandTests.RunAsync(folder, log, ["slurm", "--ssh-config", RealCluster.SshConfig, "-d", root, .. words], input, new() { ["DAPHNE_BUNDLE"] = TestBundle.Path });

    async Task<string> Good(string[] words, string? input = null)
    {
        var result = await Run(words, input);
        Assert.True(result.Status == 0, $"{string.Join(' ', words)} ended with {result.Status}: {result.Error}");
        return result.Output;
    }
}
