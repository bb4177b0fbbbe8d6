using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.Distributed;

namespace Daphne.Net.ClusterTests.ToolRuns;

/// <summary>Workers and <c>daphne --distributed</c> of one account find each other's secret; what goes wrong between them is said in words.</summary>
public sealed class DistributedToolTests : IDisposable
{
    const string Rounds = "X = fill(1.0, 40, 3);\ni = 0;\nwhile (i < 5) {\n    X = X + 1.0;\n    i = i + 1;\n}\nprint(sum(X));\nprint(X[39, ]);\n";

    readonly Scratch folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_script_runs_on_two_workers_without_a_flag()
    {
        folder.Write("rounds.daphne", Rounds);
        using WorkerProcess one = await WorkerProcess.StartAsync(folder), two = await WorkerProcess.StartAsync(folder);
        var here = await Tool.RunAsync(folder, "rounds.daphne");
        var there = await Run($"{one.Address},{two.Address}", "--distributed", "--statistics", "--verbose", "rounds.daphne");
        Assert.Equal((0, here.Output), (there.Status, there.Output));
        Assert.Contains($"worker {one.Address}, version ", there.Error, StringComparison.Ordinal);
        Assert.Contains($" tasks on {one.Address}, {two.Address}, ", there.Error, StringComparison.Ordinal);
        Assert.Equal(here, await Run($" {two.Address} , {one.Address},", "--distributed", "--max-distr-chunk-size=100", "rounds.daphne"));
        Assert.Equal(here, await Run($"{one.Address},{two.Address}", "--distributed", "--dist_backend=async-gRPC", "rounds.daphne"));
        // Each run takes its values with it.
        await using var client = new GrpcWorkerClient(one.Address, new() { Token = TokenFile.Read(Path.Combine(folder.State, "daphne", "worker-token")) });
        await client.HelloAsync(CallBudget.Control, TestContext.Current.CancellationToken);
        await Patience.Until(async () => await client.StatsAsync(CallBudget.Control, default) is { LiveBytes: 0, Values: 0 }, "the worker is empty again");
    }

    [Fact]
    public async Task Another_secret_is_refused_in_words()
    {
        folder.Write("rounds.daphne", Rounds);
        using var worker = await WorkerProcess.StartAsync(folder);
        folder.Write("other", TokenFile.NewToken());
        File.SetUnixFileMode(Path.Combine(folder.Root, "other"), UnixFileMode.UserRead);
        var end = await Run(worker.Address, "--distributed", "--token-file=other", "rounds.daphne");
        Assert.Equal((3, ""), (end.Status, end.Output));
        Assert.StartsWith($"error DPH5503: worker {worker.Address} refuses our credentials: ", end.Error, StringComparison.Ordinal);
        Assert.Contains("--token-file", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_operation_is_reported_at_its_place_in_the_script()
    {
        folder.Write("sqrt.daphne", "X = fill(5.5, 10, 2) - seq(1.0, 10.0);\nprint(\"before\");\nprint(sum(sqrt(X)));\n");
        using WorkerProcess one = await WorkerProcess.StartAsync(folder), two = await WorkerProcess.StartAsync(folder);
        Assert.Equal(new(3, "before\n", $"""
            sqrt.daphne:3:11: error DPH5500: worker {two.Address} (rows 5 to 9) could not compute this: sqrt(-0.5) has no result in cell [0, 0] (DPH3103: sqrt takes numbers from 0 on)
              print(sum(sqrt(X)));
                        ^^^^^^^

            """), await Run($"{one.Address},{two.Address}", "--distributed", "sqrt.daphne"));
    }

    [Fact]
    public async Task A_signal_stops_the_script_and_the_workers_go_on_to_serve()
    {
        folder.Write("endless.daphne", "X = fill(1.0, 2000, 500);\nprint(\"ready\", true, true);\nwhile (sum(X) > 0.0) { X = exp(sqrt(X)) / exp(sqrt(X)) + X * 0.0; }\n");
        folder.Write("rounds.daphne", Rounds);
        using var worker = await WorkerProcess.StartAsync(folder);
        using (var tool = Tool.Start(folder, new Dictionary<string, string> { ["DISTRIBUTED_WORKERS"] = worker.Address }, Tool.Program, "--distributed", "endless.daphne"))
        {
            Assert.Equal("ready", await tool.ErrorLineAsync());
            Signal.Send(tool.Id, Signal.Int);
            Assert.Equal(new(130, "", "stopped\n"), await tool.EndAsync());
        }
        Assert.Equal(0, (await Run(worker.Address, "--distributed", "rounds.daphne")).Status);
    }

    [Theory]
    [InlineData("", "error DPH7007: --distributed needs workers, but DISTRIBUTED_WORKERS is not set\n", 1)]
    [InlineData("127.0.0.1:1,127.0.0.1:1", "error DPH7011: the worker 127.0.0.1:1 stands in DISTRIBUTED_WORKERS twice\n", 1)]
    [InlineData("nohost", "error DPH7015: 'nohost' in DISTRIBUTED_WORKERS is no address of a worker: it has no port\n", 1)]
    [InlineData("127.0.0.1:1", "error DPH5507: there is no worker at 127.0.0.1:1: ", 3)]
    public async Task Workers_that_are_not_there_are_named(string workers, string error, int status)
    {
        folder.Write("rounds.daphne", Rounds);
        var end = await Run(workers, "--distributed", "rounds.daphne");
        Assert.Equal((status, ""), (end.Status, end.Output));
        Assert.StartsWith(error, end.Error, StringComparison.Ordinal);
    }

    Task<ToolResult> Run(string workers, params string[] arguments) => Tool.RunAsync(folder, new() { ["DISTRIBUTED_WORKERS"] = workers }, arguments);
}
