using System.Diagnostics;
using System.Reflection;
using Daphne.Net.ClusterTests.Processes;
using Xunit.v3;

namespace Daphne.Net.ClusterTests.Real;

/// <summary>
/// A login node and three compute nodes with their own sshd and Slurm, in namespaces of this machine (<c>tests/cluster</c>). It is brought up by the
/// first test that needs it and stays up; tests that break something mend it again. Classes that use it are in one collection: one after the other.
/// </summary>
public sealed class RealCluster
{
    static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    /// <summary>Brings it up, or finds that it is: then what tests left there that were killed goes, because others look whether anything is left.</summary>
    public RealCluster()
    {
        Tidy();
        KillWorkers();
        On("login", "rm -rf ~/.daphne*/clusters ~/daphne-*");
    }

    /// <summary>All its hosts.</summary>
    public static IReadOnlyList<string> Hosts { get; } = ["login", "node1", "node2", "node3"];

    static string Scripts => Path.Combine(Repository.Root, "tests", "cluster");

    /// <summary>The folder with its keys and files. With <c>CF_DIR</c>, <c>CF_PREFIX</c> and <c>CF_NET</c> set, two clusters stand beside each other on one machine.</summary>
    public static string Folder { get; } = Environment.GetEnvironmentVariable("CF_DIR") ?? "/var/lib/cluster-fixture";

    /// <summary>A configuration of ssh that knows the hosts <c>login</c>, <c>node1</c> … <c>node3</c>; nodes are reached through the login node.</summary>
    public static string SshConfig => Path.Combine(Folder, "etc", "ssh_config");

    /// <summary>The user's home folder, as this machine sees it; there it is <c>/home/hpc</c>.</summary>
    public static string Home => Path.Combine(Folder, "home", "hpc");

    /// <summary>The login node's address, as this machine reaches it.</summary>
    public static string LoginAddress => (Environment.GetEnvironmentVariable("CF_NET") ?? "10.77") + ".0.10";

    /// <summary>Pokes the cluster: see <c>tests/cluster/cfctl</c> for what it can do.</summary>
    public static string Control(params string[] words) => Run(Path.Combine(Scripts, "cfctl"), words);

    /// <summary>Runs a command on a host as the cluster's user, not over SSH.</summary>
    public static string On(string host, string command) => Control("su", host, "sh", "-c", command);

    static string Run(string program, params string[] words)
    {
        var start = new ProcessStartInfo("bash", [program, .. words]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', words)} did not end");
        }
        // Bounded: what it started might have kept them.
        Assert.True(error.Wait(patience) && output.Wait(patience), $"{program} {string.Join(' ', words)} has ended, and its streams have not");
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', words)} ended with {process.ExitCode}: {error.Result}\n(tests/cluster/install.sh puts the programs on the machine; it takes root)");
        return output.Result;
    }

    static void KillWorkers()
    {
        foreach (string host in Hosts) Control("exec", host, "sh", "-c", "pkill -KILL -f '[d]aphne worker' || true");
    }

    /// <summary>What is there that no test has to itself: clusters' folders in the user's home, jobs.</summary>
    static string Leftovers() => On("login", "ls -A ~/.daphne/clusters 2>/dev/null; squeue -h -t pd,r,cg -o 'job %i, %j, %T'").Trim();

    /// <summary>Makes it whole, and removes what a test that failed has left, so that the next one does not fail of that.</summary>
    /// <returns>What was left; empty where nothing was.</returns>
    internal static string Tidy()
    {
        Run(Path.Combine(Scripts, "up.sh"));
        string left = Leftovers();
        if (left.Length == 0) return "";
        On("login", "scancel -f -u \"$USER\"");
        KillWorkers();      // those without a scheduler
        On("login", "rm -rf ~/.daphne/clusters/*");
        Patience.Until(() => Leftovers().Length == 0, "what an earlier test left is gone: " + left).GetAwaiter().GetResult();
        return left;
    }

    /// <summary>Waits until Slurm's controller has written down how a job stands: of what it has not, it knows nothing after its machine was cut off, and has the nodes end it.</summary>
    public static Task SavedAsync(string job)
    {
        string mark = $"saved-{Guid.NewGuid():n}", state = Path.Combine(Folder, "spool", "ctld", "job_state");
        Control("exec", "login", "scontrol", "update", "JobId=" + job, "Comment=" + mark);
        return Patience.Until(() => File.Exists(state) && File.ReadAllText(state, System.Text.Encoding.Latin1).Contains(mark, StringComparison.Ordinal), $"Slurm has saved job {job}");
    }
}

/// <summary>Before each test on the real cluster: it is whole, and has nothing of tests before, which may have failed. What it found is said.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TidyFirstAttribute : BeforeAfterTestAttribute
{
    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (RealCluster.Tidy() is { Length: > 0 } left) TestContext.Current.TestOutputHelper?.WriteLine($"left by an earlier test, and removed:\n{left}");
    }
}

/// <summary>Tests on the one real cluster, one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true), TidyFirst]
public sealed class OnRealCluster : ICollectionFixture<RealCluster>
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "real cluster";
}
