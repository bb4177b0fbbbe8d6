using System.Diagnostics;

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
        Run(Path.Combine(Scripts, "up.sh"));
        On("login", "scancel -f -u hpc");
        foreach (string host in Hosts) Control("exec", host, "sh", "-c", "pkill -KILL -f '[d]aphne worker' || true");
        for (int wait = 0; wait < 300 && On("login", "squeue -h -t pd,r,cg").Length > 0; wait++) Thread.Sleep(100);
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
        // Not "until the streams end": what up.sh starts keeps them.
        string said = error.Wait(TimeSpan.FromSeconds(1)) ? error.Result : "";
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', words)} ended with {process.ExitCode}: {said}\n(tests/cluster/install.sh puts the programs on the machine; it takes root)");
        return output.Wait(TimeSpan.FromSeconds(1)) ? output.Result : "";
    }
}

/// <summary>Tests on the one real cluster, one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OnRealCluster : ICollectionFixture<RealCluster>
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "real cluster";
}
