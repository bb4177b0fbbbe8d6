using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Api;

/// <summary>How a run is steered.</summary>
public sealed class RunOptionsTests
{
    readonly DaphneSession session = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Outputs_name_what_is_kept()
    {
        const string script = "a = 1; b = 2.5; c = fill(1.0, 2, 2); d = sum(c);";
        await using (var all = await session.RunAsync(script, ct: Ct)) Assert.Equal(["a", "b", "c", "d"], all.Names.Order());
        await using (var two = await session.RunAsync(script, options: new() { Outputs = ["d", "b", "nonsense"] }, ct: Ct)) Assert.Equal(["b", "d"], two.Names.Order());
        await using (var none = await session.RunAsync(script, options: new() { Outputs = [] }, ct: Ct)) Assert.Empty(none.Names);
    }

    [Fact]
    public async Task What_is_printed_is_there_while_the_script_runs()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var writer = new Watched(text => seen.TrySetResult(text));
        var running = session.RunAsync("print(\"first\"); i = 0; while (i >= 0) { i = i + 1; if (i > 1000000) { i = 0; } }", options: new() { Output = writer }, ct: stop.Token);
        Assert.StartsWith("first", await seen.Task.WaitAsync(TimeSpan.FromSeconds(30), Ct), StringComparison.Ordinal);
        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task The_two_streams_go_their_own_ways()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        await using var run = await session.RunAsync("print(1); print(2, true, true); print(fill(3, 1, 2));", options: new() { Output = output, Error = error }, ct: Ct);
        Assert.Equal("1\nDenseMatrix(1x2, int64_t)\n3 3\n", run.Output);
        Assert.Equal(run.Output, output.ToString());
        Assert.Equal("2\n", error.ToString());
    }

    [Fact]
    public async Task A_writer_that_fails_ends_the_run_with_its_own_exception()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => session.RunAsync("print(1);", options: new() { Output = new Watched(_ => throw new InvalidOperationException("full")) }, ct: Ct));
        Assert.Equal("full", e.Message);
    }

    [Fact]
    public async Task Progress_hears_of_each_pipeline_in_the_order_of_the_report()
    {
        var heard = new List<PipelineReport>();
        await using var run = await session.RunAsync("X = $x; i = 0; while (i < 3) { X = X + 1.0; i = i + 1; } print(sum(X * 2.0));",
            new { x = new double[50, 4] }, new() { Progress = new Heard(heard), ScriptName = "steps" }, Ct);
        Assert.Equal("1200\n", run.Output);
        Assert.Equal(4, heard.Count);
        Assert.Equal(run.Report.Pipelines, heard);
        Assert.All(heard, p => Assert.Equal((50, "local", 0, 0), (p.Rows, p.Where, p.BytesSent, p.BytesReceived)));
        Assert.All(heard, p => Assert.StartsWith("steps:1:", p.Place, StringComparison.Ordinal));
        Assert.Equal(3, heard.Count(p => p.Place == heard[0].Place));
        Assert.Contains("4 pipelines in ", run.Report.ToString(), StringComparison.Ordinal);
        Assert.Matches(@"steps:1:\d+ +3 +50 .* local", run.Report.ToString());
    }

    [Fact]
    public async Task Paths_in_a_script_start_at_its_directory()
    {
        string folder = Directory.CreateTempSubdirectory("daphne-api-").FullName;
        File.WriteAllText(Path.Combine(folder, "in.csv"), "1,2\n3,4\n");
        File.WriteAllText(Path.Combine(folder, "in.csv.meta"), "{\"numRows\": 2, \"numCols\": 2, \"valueType\": \"si64\"}");
        await using (var run = await session.RunAsync("X = readMatrix(\"in.csv\"); writeMatrix(X + X, \"out.csv\");", options: new() { ScriptDirectory = folder }, ct: Ct))
            Assert.Equal([1L, 2, 3, 4], run.Get<long[,]>("X").Cast<long>());
        Assert.Equal("2,4\n6,8\n", File.ReadAllText(Path.Combine(folder, "out.csv")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Diagnostics_call_the_script_what_the_host_calls_it()
    {
        var e = await Assert.ThrowsAsync<ScriptException>(() => session.RunAsync("print(nonsense);", options: new() { ScriptName = "model.daphne" }, ct: Ct));
        Assert.Equal("model.daphne:1:7", e.Diagnostics.Single().Span.ToString());
        Assert.Equal(Stage.Parse, e.Stage);
        e = await Assert.ThrowsAsync<ScriptException>(() => session.RunAsync("print(nonsense);", ct: Ct));
        Assert.Equal("<script>:1:7", e.Diagnostics.Single().Span.ToString());
    }

    [Fact]
    public async Task A_file_is_called_by_its_path()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("daphne-api-").FullName, "s.daphne");
        File.WriteAllText(file, "y = $x * 2; print(z);");
        var e = await Assert.ThrowsAsync<ScriptException>(() => session.RunFileAsync(file, new { x = 1 }, ct: Ct));
        Assert.Equal(file + ":1:19", e.Diagnostics.Single().Span.ToString());
        File.WriteAllText(file, "y = $x * 2;");
        await using var run = await session.RunFileAsync(file, new { x = 21 }, ct: Ct);
        Assert.Equal(42, run.Get<int>("y"));
        await Assert.ThrowsAsync<FileNotFoundException>(() => session.RunFileAsync(file + "x", ct: Ct));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public async Task A_session_may_have_threads_of_its_own()
    {
        using var two = new DaphneSession(new() { Threads = 2 });
        await using var run = await two.RunAsync("print(sum(fill(1.0, 1000, 100) + 1.0));", ct: Ct);
        Assert.Equal("200000\n", run.Output);
    }

    sealed class Heard(List<PipelineReport> heard) : IProgress<PipelineReport>
    {
        public void Report(PipelineReport value) => heard.Add(value);
    }

    sealed class Watched(Action<string> wrote) : StringWriter
    {
        public override void Write(ReadOnlySpan<char> buffer)
        {
            base.Write(buffer);
            wrote(ToString());
        }
    }
}
