using System.Net;
using System.Net.Sockets;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.Distributed;

namespace Daphne.Net.ClusterTests.ToolRuns;

/// <summary><c>daphne worker</c> as a process: how it begins, how it ends, whom it serves.</summary>
public sealed class WorkerCommandTests : IDisposable
{
    readonly Scratch folder = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Signal.Term)]
    [InlineData(Signal.Int)]
    public async Task A_signal_ends_it_with_status_0(int signal)
    {
        using var worker = await WorkerProcess.StartAsync(folder);
        Assert.Equal(new(0, "", ""), await worker.StopAsync(signal));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var end = await Tool.RunAsync(folder, "worker", taken.LocalEndpoint.ToString()!);
        Assert.Equal((1, ""), (end.Status, end.Output));
        Assert.StartsWith($"error DPH5106: a worker cannot listen on {taken.LocalEndpoint}: ", end.Error, StringComparison.Ordinal);
        Assert.EndsWith("hint: port 0 takes a free one\n", end.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", "error DPH5104: '127.0.0.1' is no address of a worker: it has no port\n")]
    [InlineData("0.0.0.0:0", "error DPH5105: a worker on 0.0.0.0:0 could be reached from other machines")]
    [InlineData("--tokn-file=x", "error DPH7000: unknown option --tokn-file\nhint: did you mean --token-file?\n")]
    [InlineData("--token-file=none 127.0.0.1:0", "error DPH5103: the token file 'none' cannot be used: ")]
    public async Task What_is_wrong_with_its_arguments_is_said_in_words(string arguments, string error)
    {
        var end = await Tool.RunAsync(folder, ["worker", .. arguments.Split(' ')]);
        Assert.Equal((1, ""), (end.Status, end.Output));
        Assert.StartsWith(error, end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_home_it_says_where_its_secret_would_be()
    {
        var end = await Tool.RunAsync(folder, new Dictionary<string, string> { ["XDG_STATE_HOME"] = "", ["HOME"] = "/proc/nobody" }, "worker", "127.0.0.1:0");
        Assert.Equal((1, ""), (end.Status, end.Output));
        Assert.StartsWith("error DPH5103: the token file '/proc/nobody/.local/state/daphne/worker-token' cannot be used: ", end.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public async Task It_serves_who_knows_its_token_and_nobody_else()
    {
        using var worker = await WorkerProcess.StartAsync(folder);
        string token = File.ReadAllText(Path.Combine(folder.State, "daphne", "worker-token")).Trim();
        await using (var cluster = await DaphneCluster.Attach([worker.Address], o => o.Token = token).Deploy(ct: Ct))
        {
            Assert.Equal(worker.Id, cluster.Workers.Single().ProcessId);
            await using var run = await cluster.RunAsync("print(sum($x * 2.0));", new { x = new double[] { 1, 2, 3 } }, ct: Ct);
            Assert.Equal("12\n", run.Output);
            Assert.Equal(worker.Address, run.Report.Pipelines.Single().Where);
        }
        var e = await Assert.ThrowsAsync<WorkerException>(() => DaphneCluster.Attach([worker.Address], o => o.Token = TokenFile.NewToken()).Deploy(ct: Ct));
        Assert.Equal((WorkerFailure.Unauthenticated, worker.Address), (e.Reason, e.Worker.Address));
        // Attached workers outlive the clusters that used them.
        Assert.True(Signal.Lives(worker.Id));
    }

    [Fact]
    public async Task An_address_where_nobody_is_is_named_without_waiting_for_the_others()
    {
        // Somebody who takes the connection and never answers, and a port where nobody is.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        string nobody = "127.0.0.1:" + FreePort();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var e = await Assert.ThrowsAsync<WorkerException>(() => DaphneCluster.Attach([silent.LocalEndpoint.ToString()!, nobody], o =>
        {
            o.Token = TokenFile.NewToken();
            o.HelloTimeout = TimeSpan.FromMinutes(2);
        }).Deploy(ct: Ct));
        Assert.Equal((WorkerFailure.Unreachable, nobody), (e.Reason, e.Worker.Address));
        Assert.Contains(nobody, e.Message, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"took {clock.Elapsed}");
    }

    [Fact]
    public async Task A_worker_that_never_answers_is_given_up_in_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var e = await Assert.ThrowsAsync<WorkerException>(() => DaphneCluster.Attach([silent.LocalEndpoint.ToString()!], o =>
        {
            o.Token = TokenFile.NewToken();
            o.HelloTimeout = TimeSpan.FromSeconds(1);
        }).Deploy(ct: Ct));
        Assert.Equal((WorkerFailure.TimedOut, silent.LocalEndpoint.ToString()), (e.Reason, e.Worker.Address));
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
