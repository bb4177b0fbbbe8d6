using System.Diagnostics;
using System.Text.RegularExpressions;
using Daphne.Net.Deployment;

namespace Daphne.Net.Tests.Deployment;

/// <summary>A thousand machines, of which each answers as one behind SSH does.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed partial class ManyHostsTests(ITestOutputHelper log) : IDisposable
{
    const int Hosts = 1000, MostLogins = 16;

    readonly string folder = Directory.CreateTempSubdirectory("daphne-many-").FullName;
    int busy, mostBusy, started, stopped, removed;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    SshDeploymentOptions Options(DeploymentRecords records, string? bad = null) => new()
    {
        Hosts = [.. Enumerable.Range(0, Hosts).Select(n => $"n{n}")], Bundle = new("/nowhere", new string('0', 64)), Records = records, MostLogins = MostLogins, ShellOf = host => new Machine(this, host, host == bad),
    };

    [Fact]
    public async Task They_are_deployed_to_in_seconds_and_few_at_a_time()
    {
        var records = new DeploymentRecords(folder);
        var clock = Stopwatch.StartNew();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var deployment = await SshDeployment.StartAsync(Options(records), new("c0ffee", "c", "w", "1"), null, Ct);
        Assert.Equal(Hosts, deployment.Addresses.Distinct().Count());
        Assert.Equal(Hosts, deployment.Record.Hosts.Sum(h => h.Processes.Count));
        Assert.InRange(mostBusy, 2, MostLogins);
        var deployed = clock.Elapsed;
        long memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(memory, long.MinValue, 64 << 20);
        await deployment.CleanAsync(Ct);
        await deployment.DisposeAsync();
        Assert.Equal((Hosts, Hosts, Hosts), (started, stopped, removed));
        Assert.Empty(records.List());
        log.WriteLine($"FIGURE {Hosts:N0} machines, {MostLogins} logins at once: {deployed.TotalSeconds:0.0} s to deploy, {(clock.Elapsed - deployed).TotalSeconds:0.0} s to clean, {memory / 1024.0 / 1024:0.0} MiB kept");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(100), $"took {clock.Elapsed}");
    }

    [Fact]
    public async Task One_that_fails_ends_it_and_the_others_are_cleaned()
    {
        var records = new DeploymentRecords(folder);
        var failed = await Assert.ThrowsAsync<DeploymentException>(() => SshDeployment.StartAsync(Options(records, bad: "n300"), new("c0ffee", "c", "w", "1"), null, Ct));
        Assert.Equal(DeploymentFailure.AuthenticationFailed, failed.Reason);
        Assert.InRange(started, 1, Hosts - 1);
        Assert.Equal(started, stopped);
        Assert.Empty(records.List());
    }

    [GeneratedRegex("setsid ")]
    private static partial Regex Starts { get; }

    sealed class Machine(ManyHostsTests test, string name, bool bad) : IShell
    {
        public string Name => name;

        public async Task<ShellResult> RunAsync(ShellCommand command, CancellationToken ct = default)
        {
            bool cleaning = command.Script.Contains("lives", StringComparison.Ordinal) || command.Script.Contains("rm -rf", StringComparison.Ordinal);
            if (!cleaning) Raise(ref test.mostBusy, Interlocked.Increment(ref test.busy));
            try
            {
                await Task.Delay(1, ct);
                return Answer(command.Script);
            }
            finally
            {
                if (!cleaning) Interlocked.Decrement(ref test.busy);
            }
        }

        ShellResult Answer(string script)
        {
            string said = "";
            if (script.StartsWith("uname", StringComparison.Ordinal)) said = bad ? throw new DeploymentException(DeploymentFailure.AuthenticationFailed, "no") : $"{name}\nLinux x86_64\n";
            else if (script.Contains("mkdir \"$folder\"", StringComparison.Ordinal)) said = "/home/x/.daphne\n";
            else if (script.Contains(".complete", StringComparison.Ordinal)) said = "there\n";
            else if (Starts.IsMatch(script))
            {
                Interlocked.Increment(ref test.started);
                said = "77 1234 boot\n";
            }
            else if (script.Contains("grep -H", StringComparison.Ordinal)) said = $"worker-0.log:{LocalWorker.ReadyLine} 127.0.0.1:4000\n";
            else if (script.Contains("kill -TERM", StringComparison.Ordinal)) Interlocked.Increment(ref test.stopped);
            else if (script.Contains("rm -rf", StringComparison.Ordinal)) Interlocked.Increment(ref test.removed);
            return new(0, said, "");
        }

        static void Raise(ref int most, int now)
        {
            for (int seen = most; now > seen; seen = most) Interlocked.CompareExchange(ref most, now, seen);
        }

        public Task<bool> UploadAsync(UploadedFile file, IProgress<long>? sentBytes = null, CancellationToken ct = default) => throw new NotSupportedException();
        public ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken ct = default) => throw new NotSupportedException();
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
