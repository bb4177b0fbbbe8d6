using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;
using Daphne.Net.Tests.Distributed.Coordinator;

namespace Daphne.Net.Tests.Distributed.Reports;

/// <summary>What is noted of a pipeline's calls, with time that passes when the test says so.</summary>
public sealed class PipelineRecorderTests
{
    readonly ManualTime time = new();
    readonly PipelineRecorder recorder;

    public PipelineRecorderTests() => recorder = new(Pipe(), 10, 2, time);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_moment_counts_once_as_computing_before_sending_before_collecting_before_waiting()
    {
        Gate first = new("a"), second = new("b");
        Pass(1);                                              // nothing: waiting
        var send = first.Store(recorder, 0);
        Pass(2);                                              // sending
        var sendToo = second.Store(recorder, 1);
        Pass(4);                                              // two send: once
        await first.Open(send);
        var compute = first.Compute(recorder, 2);
        Pass(8);                                              // computes while the other one sends: computing
        await second.Open(sendToo);
        var fetch = second.Fetch(recorder, 3);
        Pass(16);                                             // computes while something is fetched: computing
        await first.Open(compute);
        Pass(32);                                             // collecting
        await second.Open(fetch);
        Pass(64);                                             // waiting
        var run = recorder.End("a, b");
        Pass(128);                                            // nobody's
        var late = first.Fetch(recorder, 4);
        Pass(256);                                            // collecting
        Assert.Equal(Seconds(256 + 32), recorder.Figures.Times.Collect);   // also while it is under way
        await first.Open(late);
        Pass(512);
        Assert.Equal(new(Seconds(2 + 4), Seconds(8 + 16), Seconds(32 + 256), Seconds(1 + 64)), run.Figures.Times);
        Assert.Equal(Seconds(127), run.Elapsed);
        Assert.Equal(run.Elapsed, Seconds(2 + 4 + 8 + 16 + 32 + 1 + 64));
    }

    [Fact]
    public async Task Bytes_messages_and_pieces_are_counted_for_each_worker()
    {
        Gate a = new("a"), b = new("b:10");
        await a.Open(a.Store(recorder, 0));
        await a.Open(a.Store(recorder, 1));
        await b.Open(b.Store(recorder, 1));
        await b.Open(b.Compute(recorder, 2));
        var compute = a.Compute(recorder, 3);
        Pass(5);
        await a.Open(compute);
        await a.Open(a.Fetch(recorder, 3));
        var figures = recorder.End("a, b:10").Figures;
        Assert.Equal([new("a", 2 * 48, 48, 4, 1, 0, Seconds(5)), new("b:10", 48, 0, 2, 1, 0, TimeSpan.Zero)], figures.Workers);
        Assert.Equal((6, 0), (figures.Messages, figures.Retries));
        Assert.Equal((144, 48), (recorder.Traffic.Sent, recorder.Traffic.Received));
    }

    [Fact]
    public async Task The_same_again_is_a_retry_a_value_for_another_worker_is_not()
    {
        Gate a = new("a"), b = new("b");
        await a.Open(a.Store(recorder, 7));
        await b.Open(b.Store(recorder, 7));
        Assert.Equal(0, recorder.Figures.Retries);
        await a.Open(a.Store(recorder, 7));
        Assert.Equal(1, recorder.Figures.Retries);
        await a.Open(a.Compute(recorder, 8));
        await b.Open(b.Compute(recorder, 8));
        await b.Open(b.Fetch(recorder, 8));
        await b.Open(b.Fetch(recorder, 8));
        Assert.Equal([1, 2], recorder.Figures.Workers.Select(w => w.Retries));
    }

    [Fact]
    public async Task A_call_that_fails_takes_time_and_bytes_but_makes_no_piece()
    {
        var a = new Gate("a");
        var lost = new WorkerException(a.Worker.Identity, WorkerFailure.Unreachable, "gone");
        var store = a.Store(recorder, 0);
        Pass(3);
        Assert.Same(lost, await Assert.ThrowsAsync<WorkerException>(() => a.Fail(store, lost)));
        await Assert.ThrowsAsync<WorkerException>(() => a.Fail(a.Compute(recorder, 1), lost));
        await Assert.ThrowsAsync<OperationCanceledException>(() => a.Fail(a.Fetch(recorder, 1), new OperationCanceledException()));
        var figures = recorder.Figures;
        Assert.Equal([new("a", 48, 0, 3, 0, 0, TimeSpan.Zero)], figures.Workers);
        Assert.Equal(Seconds(3), figures.Times.Send);
    }

    [Fact]
    public void A_run_carries_what_was_decided_of_it_and_nothing_that_was_decided_of_another()
    {
        var script = new SourceText("print(1); print(2);");
        var statistics = new RunStatistics();
        List<string> heard = [];
        statistics.Decided += d => heard.Add(d.Why);
        statistics.Decide(new(new(script, 0, 5), "ewAdd", true, "it pays"));
        statistics.Add(new(new(script, 0, 5), "ewAdd", 4, 1, TimeSpan.Zero, "local"));
        statistics.Add(new(new(script, 0, 5), "ewAdd", 4, 1, TimeSpan.Zero, "local"));
        statistics.Decide(new(new(script, 0, 5), "ewAdd", true, "it failed, and was never added"));
        statistics.Add(new(new(script, 10, 5), "ewAdd", 4, 1, TimeSpan.Zero, "local"));
        Assert.Equal(["it pays", "", ""], statistics.Pipelines.Select(p => p.Why));
        Assert.Equal(["it pays", "it failed, and was never added"], heard);
    }

    [Fact]
    public void The_figures_of_a_pipeline_that_ran_here_are_its_time() =>
        Assert.Equal(new(default, Seconds(3), default, default), new PipelineRun(default, "ewAdd", 4, 1, Seconds(3), "local").Figures.Times);

    static TimeSpan Seconds(double s) => TimeSpan.FromSeconds(s);

    void Pass(int seconds) => time.Advance(Seconds(seconds));

    static Pipeline Pipe()
    {
        var op = new Operation(Op.VectorizedPipeline, [], [IrType.Matrix(ValueTypeCode.F64)]);
        op.Regions[0].Block.AddArgument(IrType.Matrix(ValueTypeCode.F64));
        return new(op, [SplitKind.Rows], [CombineKind.Rows], "");
    }

    /// <summary>A worker whose calls end when the test says so; values are 3x2 matrices of 48 bytes.</summary>
    sealed class Gate
    {
        TaskCompletionSource? entered;

        public Gate(string name)
        {
            Worker = new(name, inputs => [Cells()]);
            Worker.Before = (_, _) => (entered = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        public ScriptedWorker Worker { get; }

        public Task Store(PipelineRecorder recorder, int piece) => recorder.StoreAsync(Worker, piece, Datum.Of(Cells()), CallBudget.Control, Ct).AsTask();

        public Task Compute(PipelineRecorder recorder, int piece) =>
            recorder.ComputeAsync(Worker, piece, new("", 1), [new(new Handle(Worker.Values.Keys.FirstOrDefault() ?? Kept(), 3, 2))], [], CallBudget.Compute, Ct).AsTask();

        public Task Fetch(PipelineRecorder recorder, int piece) =>
            recorder.TransferAsync(Worker, piece, new(Worker.Values.Keys.FirstOrDefault() ?? Kept(), 3, 2), CallBudget.Control, Ct).AsTask();

        /// <summary>The call that is under way ends well.</summary>
        public async Task Open(Task call)
        {
            entered!.SetResult();
            await call;
        }

        /// <summary>The call that is under way fails.</summary>
        public async Task Fail(Task call, Exception e)
        {
            entered!.SetException(e);
            await call;
        }

        string Kept()
        {
            Worker.Values["kept"] = Datum.Of(Cells());
            return "kept";
        }

        static DenseMatrix<double> Cells() => DenseMatrix<double>.Copy(new double[6], 3, 2);
    }
}
