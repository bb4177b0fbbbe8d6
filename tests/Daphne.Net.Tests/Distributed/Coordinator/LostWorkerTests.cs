using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Distributed.Coordinator;

/// <summary>Single faults of workers inside this process, and what becomes of the run.</summary>
public sealed class LostWorkerTests
{
    static readonly WorkerSetOptions quick = new() { Grace = TimeSpan.FromSeconds(1), LostAfter = TimeSpan.FromSeconds(0.5), AskTime = TimeSpan.FromSeconds(0.3), AskAgain = TimeSpan.FromMilliseconds(50) };

    // Six pipelines that each need the one before, then sums with rounding: the order of the parts shows.
    const string Rounds = """
        X = rand(60, 3, 0.0, 1.0, 1.0, 7);
        i = 0;
        while (i < 5) { X = X * 1.01 + 0.1; i = i + 1; }
        print(sum(X));
        print(X);
        """;

    public static TheoryData<Fault, string, DispatchMode> Moments
    {
        get
        {
            var data = new TheoryData<Fault, string, DispatchMode>();
            foreach (var fault in (Fault[])[Fault.DiesBefore, Fault.DiesAfter, Fault.Breaks, Fault.AnswerLost, Fault.Hangs])
                foreach (string call in (string[])["store", "compute", "transfer"])
                    foreach (var mode in Enum.GetValues<DispatchMode>()) data.Add(fault, call, mode);
            return data;
        }
    }

    [Theory, MemberData(nameof(Moments))]
    public async Task A_fault_at_any_kind_of_call_changes_no_digit(Fault fault, string call, DispatchMode mode)
    {
        await using var well = new Cluster(3, mode);
        string expected = well.Run(Rounds);
        Assert.Equal(0, well.Retries);
        await using var cluster = new Cluster(3, mode, i => new($"worker {i}", i == 1 ? fault : Fault.None, at: 1) { Only = call });
        Assert.Equal(expected, cluster.Run(Rounds));
        Assert.True(cluster.Workers[1].Fired);
        Assert.True(cluster.Retries > 0);
        await cluster.IsEmptyAsync();
    }

    [Theory, InlineData(0), InlineData(3), InlineData(6)]
    public async Task A_worker_killed_between_pipelines_changes_no_digit(int after)
    {
        await using var well = new Cluster(3);
        string expected = well.Run(Rounds);
        await using var cluster = new Cluster(3);
        Assert.Equal(expected, cluster.Run(Rounds, (ran, _) => { if (ran == after) cluster.Workers[0].DieAsync().GetAwaiter().GetResult(); }));
        Assert.True(cluster.Workers[0].Fired == after > 0);
        await cluster.IsEmptyAsync();
        // The next script runs on the rest, and is not slowed down by who is lost.
        await Eventually.Holds(() => after == 0 || cluster.Set.Usable.Length == 2, "the dead worker counts as lost");
        cluster.Run(Rounds);
        Assert.Equal(0, cluster.Retries);
    }

    [Fact]
    public async Task Where_all_are_lost_the_error_names_them()
    {
        await using var cluster = new Cluster(3, make: i => new($"worker {i}", Fault.DiesBefore, at: 4));
        var e = Assert.Throws<ScriptException>(() => cluster.Run(Rounds));
        Assert.Equal(Diag.NoWorkersLeft, Assert.Single(e.Diagnostics).Def);
        Assert.All(cluster.Workers, w => Assert.Contains($"{w.Identity.Address}: connection refused", e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_worker_that_joins_while_the_run_waits_for_one_takes_all_over()
    {
        await using var well = new Cluster(1);
        string expected = well.Run(Rounds);
        await using var cluster = new Cluster(1, make: i => new($"worker {i}", Fault.DiesBefore, at: 5), options: quick with { Grace = TimeSpan.FromSeconds(60) });
        cluster.Set.Changed += change =>
        {
            if (change.State == WorkerState.Lost) _ = Task.Run(() => cluster.Set.Add(new InProcessWorker("late")));
        };
        Assert.Equal(expected, cluster.Run(Rounds));
        Assert.True(cluster.Workers[0].IsDead);
    }

    [Fact]
    public async Task A_worker_that_joins_is_used_from_the_next_pipeline_on_new_rows()
    {
        await using var cluster = new Cluster(2);
        var late = new FaultyWorkerClient("late");
        string printed = cluster.Run("""
            X = fill(1.0, 60, 3);
            X = X + 1.0;
            print(sum(X));
            Y = fill(2.0, 60, 3);
            Y = Y + 1.0;
            print(sum(Y));
            """, (ran, _) => { if (ran == 1) cluster.Set.Add(late); });
        Assert.Equal("360\n540\n", printed);
        Assert.True(late.Computed > 0);
        Assert.Equal(0, cluster.Retries);
    }

    [Fact]
    public async Task A_task_that_ends_its_workers_is_poison_after_three_and_the_others_go_on()
    {
        // Two ranges: three workers may die of each before the first is known to have lost its third.
        await using var cluster = new Cluster(7, make: i => new($"worker {i}") { Poison = f => f.Text.Contains("ewExp", StringComparison.Ordinal) });
        var e = Assert.Throws<ScriptException>(() => cluster.Run("X = rand(2, 3, 0.0, 1.0, 1.0, 7);\nprint(sum(exp(X)));"));
        Assert.Equal(Diag.PoisonTask, Assert.Single(e.Diagnostics).Def);
        Assert.Contains("ewExp", e.Message, StringComparison.Ordinal);
        Assert.Contains("2x3", e.Message, StringComparison.Ordinal);
        Assert.InRange(cluster.Workers.Count(w => w.IsDead), 3, 6);
        Assert.Equal("9\n", cluster.Run("print(sum(fill(1.0, 3, 2) + 0.5));"));
    }

    [Fact]
    public async Task An_operation_that_fails_leaves_the_cluster_usable()
    {
        await using var cluster = new Cluster(2);
        var e = Assert.Throws<ScriptException>(() => cluster.Run("X = fill(5.5, 10, 2) - seq(1.0, 10.0);\nprint(sum(sqrt(X)));"));
        Assert.Equal(Diag.WorkerComputeFailed, Assert.Single(e.Diagnostics).Def);
        Assert.Contains("worker 1 (rows 5 to 9)", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, cluster.Retries);
        await cluster.IsEmptyAsync();
        Assert.Equal("9\n", cluster.Run("print(sum(fill(1.0, 3, 2) + 0.5));"));
    }

    [Fact]
    public async Task A_silence_shorter_than_the_lease_loses_nothing()
    {
        await using var well = new Cluster(1);
        string expected = well.Run(Rounds);
        await using var cluster = new Cluster(1, make: i => new($"worker {i}", Fault.Hangs, at: 6), options: quick with { Grace = TimeSpan.FromSeconds(60), LostAfter = TimeSpan.FromSeconds(60), AskTime = TimeSpan.FromMilliseconds(200) });
        List<WorkerState> states = [];
        cluster.Set.Changed += change => { lock (states) states.Add(change.State); };
        Assert.Equal(expected, cluster.Run(Rounds));
        Assert.True(cluster.Workers[0].Fired);
        lock (states) Assert.Equal([WorkerState.Silent, WorkerState.Up], states);
        await cluster.IsEmptyAsync();
    }

    [Theory, InlineData(DispatchMode.Synchronous), InlineData(DispatchMode.Asynchronous)]
    public async Task What_lies_on_a_worker_that_is_silent_when_the_run_ends_is_freed_when_it_answers(DispatchMode mode)
    {
        await using var well = new Cluster(3, mode);
        string expected = well.Run(Rounds);
        await using var cluster = new Cluster(3, mode, options: quick with { LostAfter = TimeSpan.FromMinutes(5), AskTime = TimeSpan.FromMilliseconds(200) });
        var silent = cluster.Workers[1];
        List<WorkerState> states = [];
        cluster.Set.Changed += change => { lock (states) states.Add(change.State); };
        Assert.Equal(expected, cluster.Run(Rounds, (ran, _) => { if (ran == 3) silent.Hang(); }));
        Assert.True((await silent.HoldsAsync()).Values > 0);
        lock (states) Assert.Equal([WorkerState.Silent], states);
        silent.Resume();
        await cluster.IsEmptyAsync();
        lock (states) Assert.Equal([WorkerState.Silent, WorkerState.Up], states);
    }

    [Fact]
    public async Task A_session_that_is_lost_is_filled_again()
    {
        await using var well = new Cluster(2);
        string expected = well.Run(Rounds);
        await using var cluster = new Cluster(2);
        Assert.Equal(expected, cluster.Run(Rounds, (ran, _) => { if (ran is 2 or 4) cluster.Workers[1].LoseSessionAsync().GetAwaiter().GetResult(); }));
        Assert.Equal(3, cluster.Workers[1].Generation);
        await cluster.IsEmptyAsync();
    }

    [Theory, InlineData(DispatchMode.Synchronous, false), InlineData(DispatchMode.Synchronous, true), InlineData(DispatchMode.Asynchronous, false), InlineData(DispatchMode.Asynchronous, true)]
    public async Task A_cluster_that_another_coordinator_takes_over_is_said_and_asked_nothing_more(DispatchMode mode, bool noticed)
    {
        await using var cluster = new Cluster(3, mode, options: quick with { Grace = TimeSpan.FromSeconds(60) });
        var taken = cluster.Workers[1];
        var e = Assert.Throws<ScriptException>(() => cluster.Run(Rounds, (ran, _) => { if (ran == 2) taken.BeTakenOverAsync(noticed).GetAwaiter().GetResult(); }));
        Assert.True(taken.Fired);
        var said = Assert.Single(e.Diagnostics);
        Assert.Equal(Diag.ClusterTakenOver, said.Def);
        Assert.Contains("worker 1", e.Message, StringComparison.Ordinal);
        Assert.NotNull(said.Span.Source);
        Assert.Equal(0, cluster.Retries);
        // One call finds it out, or those that were under way, and none is made again.
        Assert.DoesNotContain("stats", taken.AskedInVain);
        Assert.InRange(taken.AskedInVain.Count, noticed ? 0 : 1, 4);
        // Nobody begins anew, and those that have not heard of it yet give back what is still ours.
        Assert.Equal(Diag.ClusterTakenOver, Assert.Single(Assert.Throws<ScriptException>(() => cluster.Run(Rounds)).Diagnostics).Def);
        await cluster.IsEmptyAsync();
        await cluster.DisposeAsync();
        Assert.InRange(taken.AskedInVain.Count, noticed ? 0 : 1, 4);
    }

    [Fact]
    public async Task A_lost_worker_of_those_that_end_together_ends_the_run_at_once()
    {
        foreach (string call in (string[])["store", "compute", "transfer"])
        {
            await using var cluster = new Cluster(3, make: i => new($"rank {i}", i == 1 ? Fault.DiesBefore : Fault.None, at: 1) { Only = call }, options: quick with { Together = true, Grace = TimeSpan.Zero });
            var e = Assert.Throws<ScriptException>(() => cluster.Run(Rounds));
            Assert.True(cluster.Workers[1].Fired);
            Assert.Equal(Diag.WorkerUnreachable, Assert.Single(e.Diagnostics).Def);
            Assert.Contains("rank 1", e.Message, StringComparison.Ordinal);
            Assert.Equal(0, cluster.Retries);
        }
    }

    [Fact]
    public async Task Two_runs_at_once_survive_the_same_loss()
    {
        await using var well = new Cluster(3);
        string expected = well.Run(Rounds);
        await using var cluster = new Cluster(3, make: i => new($"worker {i}", i == 2 ? Fault.DiesAfter : Fault.None, at: 9));
        var runs = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(() => cluster.Run(Rounds), TaskCreationOptions.LongRunning)).ToArray();
        foreach (var run in runs) Assert.Equal(expected, await run.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.True(cluster.Workers[2].Fired);
        await cluster.IsEmptyAsync();
    }

    [Fact]
    public async Task Cells_that_are_overwritten_here_are_sent_again_as_they_were()
    {
        // Y is made of X on the workers; then X changes here, and then a worker with rows of Y is lost.
        const string script = """
            X = rand(60, 3, 0.0, 1.0, 1.0, 7);
            Y = X * 2.0;
            X[0, ] = fill(100.0, 1, 3);
            X[59, ] = fill(100.0, 1, 3);
            Z = fill(1.0, 60, 3) + 1.0;
            print(Y);
            print(sum(X));
            """;
        string expected = OnWorkers.Printed(script, new());
        foreach (int lost in (int[])[0, 1])
        {
            await using var cluster = new Cluster(2);
            Assert.Equal(expected, cluster.Run(script, (ran, _) => { if (ran == 1) cluster.Workers[lost].DieAsync().GetAwaiter().GetResult(); }));
            Assert.True(cluster.Workers[lost].Fired);
        }
    }

    [Fact]
    public async Task A_long_loop_keeps_neither_all_its_rounds_nor_what_they_were_given()
    {
        await using var cluster = new Cluster(2);
        int most = 0;
        const string script = "X = fill(1.0, 40, 20);\ni = 0;\nwhile (i < 350) { v = rand(1, 20, 0.0, 1.0, 1.0, i + 1); X = X * 0.5 + v; i = i + 1; }\nprint(sum(X));";
        string expected = OnWorkers.Printed(script, new());
        string printed = cluster.Run(script, (ran, backend) => most = Math.Max(most, backend.KeptPieces));
        Assert.Equal(double.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), double.Parse(printed, System.Globalization.CultureInfo.InvariantCulture), 1e-9);
        Assert.InRange(most, 100, 100 * 6 + 50);
        await cluster.IsEmptyAsync();
    }

    [Fact]
    public async Task Outputs_that_lie_on_workers_are_made_again_after_the_script_unless_they_were_made_from_memory_of_the_caller()
    {
        double[] cells = [.. Enumerable.Range(0, 40).Select(i => (double)i)];
        await using var cluster = new Cluster(2);
        var inputs = new Inputs(DenseMatrix<double>.Borrow(cells, 20, 2));
        var options = cluster.Options(null, null) with { Outputs = new HashSet<string> { "Y", "Z" } };
        var result = ScriptEngine.Run(new SourceText("Y = $x * 2.0;\nZ = fill(1.0, 20, 2) + 1.0;"), inputs.Values, options);
        await cluster.Workers[1].DieAsync();
        Assert.Equal(2.0, ((DenseMatrix<double>)((Matrix)result.Outputs["Z"].Object).Here())[19, 1]);
        var e = Assert.Throws<ScriptException>(() => ((Matrix)result.Outputs["Y"].Object).Here());
        Assert.Equal(Diag.ValueLost, Assert.Single(e.Diagnostics).Def);
        foreach (var output in result.Outputs.Values) output.Object.Release();
        inputs.Dispose();   // until then its rows stay for the next run
        await cluster.IsEmptyAsync();
    }

    [Fact]
    public async Task A_run_that_is_cancelled_or_whose_cluster_is_disposed_ends_its_calls()
    {
        foreach (bool dispose in (bool[])[false, true])
        {
            var cluster = new Cluster(2, make: i => new($"worker {i}", Fault.None));
            using var stop = new CancellationTokenSource();
            foreach (var worker in cluster.Workers) worker.Hang();
            var run = Task.Factory.StartNew(() => cluster.Run(Rounds, ct: stop.Token), TaskCreationOptions.LongRunning);
            if (dispose) await cluster.DisposeAsync();
            else await stop.CancelAsync();
            if (dispose) Assert.IsType<ScriptException>(await Record.ExceptionAsync(() => run.WaitAsync(TimeSpan.FromSeconds(30))));
            else Assert.IsAssignableFrom<OperationCanceledException>(await Record.ExceptionAsync(() => run.WaitAsync(TimeSpan.FromSeconds(30))));
            foreach (var worker in cluster.Workers) worker.Resume();
            if (dispose) continue;
            Assert.Equal("9\n", cluster.Run("print(sum(fill(1.0, 3, 2) + 0.5));"));
            await cluster.IsEmptyAsync();
            await cluster.DisposeAsync();
        }
    }

    sealed class Inputs
    {
        readonly Matrix matrix;

        public Inputs(Matrix matrix)
        {
            this.matrix = matrix;
            Values.Add("x", Datum.Of(matrix));
        }

        public ScriptInputs Values { get; } = new();

        public void Dispose() => matrix.Release();
    }

    sealed class Cluster : IAsyncDisposable
    {
        readonly DispatchMode mode;
        DistributedBackend? last;

        public Cluster(int workers, DispatchMode mode = DispatchMode.Synchronous, Func<int, FaultyWorkerClient>? make = null, WorkerSetOptions? options = null)
        {
            this.mode = mode;
            Workers = [.. Enumerable.Range(0, workers).Select(make ?? (i => new($"worker {i}")))];
            Set = new(Workers, options: options ?? quick);
        }

        public FaultyWorkerClient[] Workers { get; }

        public WorkerSet Set { get; }

        /// <summary>Of the last run.</summary>
        public int Retries => last!.Retries;

        /// <param name="script">What is run.</param>
        /// <param name="ended">Is told how many pipelines have ended on workers, after each.</param>
        /// <param name="ct">Stops it.</param>
        public string Run(string script, Action<int, DistributedBackend>? ended = null, CancellationToken ct = default)
        {
            var output = new StringWriter();
                ScriptEngine.Run(new SourceText(script), options: Options(ended, output), ct: ct);
            return output.ToString();
        }

        public ScriptOptions Options(Action<int, DistributedBackend>? ended, TextWriter? output) => new()
        {
            Vectorize = true, Distributed = true, Output = output ?? TextWriter.Null,
            Backend = (engine, statistics) =>
            {
                int ran = 0;
                var backend = last = new DistributedBackend(Set, new LocalPipelineBackend(engine, statistics), statistics) { Mode = mode };
                statistics.Ended += run =>
                {
                    if (run.Where != "local") ended?.Invoke(++ran, backend);
                };
                return backend;
            },
        };

        public Task IsEmptyAsync() => Eventually.Holds(async () =>
        {
            foreach (var worker in Workers)
                if (!worker.IsDead && (await worker.HoldsAsync()).Values > 0) return false;
            return true;
        }, "the workers that live are empty");

        public ValueTask DisposeAsync() => Set.DisposeAsync();
    }
}

/// <summary>Waits for what happens in the background.</summary>
static class Eventually
{
    public static Task Holds(Func<bool> condition, string what) => Holds(() => Task.FromResult(condition()), what);

    public static async Task Holds(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, $"it does not come to pass that {what}");
            await Task.Delay(10);
        }
    }
}
