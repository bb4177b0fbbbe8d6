using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Daphne.Net.Data;
using Daphne.Net.Distributed;
using Daphne.Net.Distributed.Recovery;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Distributed.Reports;

/// <summary>Activities and instruments, as a listener of the host sees them. Other tests run meanwhile: what is theirs is told apart by trace and by worker.</summary>
public sealed class TelemetryTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_has_pipelines_and_these_have_calls()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == DaphneTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var mine = new Activity("test").Start();
        await using (var cluster = await DaphneCluster.InProcess(2).Deploy(ct: Ct))
        {
            await using var run = await cluster.RunAsync("Y = $x * 2.0; print(sum(Y[0:3, ]));", new { x = new double[10, 4] }, new() { ScriptName = "s", Rule = DistributionRule.Always }, Ct);
            Assert.Equal("0\n", run.Output);
        }
        var all = ended.Where(a => a.TraceId == mine.TraceId).ToArray();
        var script = Assert.Single(all, a => a.OperationName == "run");
        Assert.Equal((mine.SpanId, "s"), (script.ParentSpanId, script.GetTagItem("daphne.script")));
        var pipelines = all.Where(a => a.OperationName == "pipeline").ToArray();
        Assert.NotEmpty(pipelines);
        Assert.All(pipelines, p => Assert.Equal(script.SpanId, p.ParentSpanId));
        var first = Assert.Single(pipelines, p => (string?)p.GetTagItem("daphne.operations") == "ewMul");
        Assert.Equal(("s:1:5", 10L, 2, "workers"), (first.GetTagItem("daphne.place"), first.GetTagItem("daphne.rows"), first.GetTagItem("daphne.pieces"), first.GetTagItem("daphne.where")));
        var calls = all.Where(a => a.ParentSpanId == first.SpanId).ToArray();
        Assert.All(calls, c => Assert.Equal((ActivityKind.Client, false, null), (c.Kind, c.GetTagItem("daphne.retry"), c.GetTagItem("error.type"))));
        string[] seen = [.. calls.Select(c => $"{c.OperationName} {c.GetTagItem("daphne.worker")} {c.GetTagItem("daphne.rows")} {c.GetTagItem("daphne.bytes")}").Order(StringComparer.Ordinal)];
        Assert.Equal(["compute in-process 1 5 ", "compute in-process 2 5 ", "store in-process 1 5 160", "store in-process 2 5 160"], seen.Where(s => !s.StartsWith("transfer", StringComparison.Ordinal)));
        Assert.Contains(all, a => a.OperationName == "transfer");
    }

    [Fact]
    public async Task Instruments_count_what_the_report_says()
    {
        using var heard = new Heard("counted");
        var workers = new[] { new InProcessWorker("counted 1"), new InProcessWorker("counted 2") };
        await using (var set = new WorkerSet(workers))
        {
            var x = DenseMatrix<double>.Copy(new double[40], 10, 4);
            var inputs = new ScriptInputs();
            inputs.Add("x", Datum.Of(x));
            var result = ScriptEngine.Run(new("Y = $x * 2.0;"), inputs, new()
            {
                Vectorize = true, Distributed = true, Outputs = null,
                Backend = (engine, statistics) => new DistributedBackend(set, new LocalPipelineBackend(engine, statistics), statistics),
            }, ct: Ct);
            heard.Observe();
            var live = heard.Of("daphne.worker.live_bytes");
            Assert.Equal(2 * 320, live.Sum());
            Assert.Equal(2, live.Length);
            var run = Assert.Single(result.Statistics.Pipelines);
            Assert.Equal((320, 320), (heard.Of("daphne.sent").Sum(), run.Traffic.Sent));
            ((Matrix)result.Outputs["Y"].Object).Here();
            Assert.Equal((320, 320), (heard.Of("daphne.received").Sum(), run.Traffic.Received));
            Assert.Equal(run.Figures.Messages, heard.Of("daphne.call.duration").Length);
            Assert.Equal(run.Figures.Messages, heard.Calls.Count);
            Assert.Equal(["compute", "store", "transfer"], heard.Calls.Distinct().Order(StringComparer.Ordinal));
            foreach (var output in result.Outputs.Values) output.Object.Release();
            x.Release();
        }
        heard.Clear();
        heard.Observe();
        Assert.Empty(heard.Of("daphne.worker.live_bytes"));
    }

    [Fact]
    public async Task Workers_are_counted_by_state()
    {
        using var heard = new Heard("");
        heard.Observe();
        double before = heard.Of("daphne.workers").Sum();
        Assert.Equal(3, heard.Of("daphne.workers").Length);   // up, silent, lost
        await using var set = new WorkerSet(Enumerable.Range(1, 50).Select(i => new InProcessWorker($"stated {i}")));
        heard.Clear();
        heard.Observe();
        // Sets of other tests come and go meanwhile.
        Assert.True(heard.Of("daphne.workers").Sum() >= 50, $"{before} before");
    }

    [Fact]
    public void Nothing_is_allocated_while_nobody_listens()
    {
        if (Telemetry.Activities.HasListeners() || Telemetry.CallDuration.Enabled) Assert.Fail("somebody listens: the tests of this class run one after the other");
        var worker = new WorkerIdentity("silent");
        Silent(worker);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) Silent(worker);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Silent(WorkerIdentity worker)
        {
            var pipeline = default(PipelineTrace);
            var call = pipeline.Call(CallKind.Send, worker, again: true);
            call.Sent(100);
            call.Received(100);
            call.Done(10);
            call.End(TimeSpan.FromSeconds(1));
            pipeline.End(failed: false);
            Telemetry.BeginRun("s")?.Dispose();
        }
    }

    /// <summary>A listener to the meter that keeps what is about workers with this beginning.</summary>
    sealed class Heard : IDisposable
    {
        readonly MeterListener listener = new();
        readonly ConcurrentQueue<(string Name, double Value)> all = new();

        public Heard(string worker)
        {
            listener.InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == DaphneTelemetry.MeterName) l.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument.Name, value, tags));
            listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument.Name, value, tags));
            listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument.Name, value, tags));
            listener.Start();

            void Keep(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
            {
                string? call = null;
                bool mine = worker.Length == 0;
                foreach (var (key, tag) in tags)
                    if (key == "daphne.worker") mine = ((string)tag!).StartsWith(worker, StringComparison.Ordinal);
                    else if (key == "daphne.call") call = (string?)tag;
                if (!mine) return;
                all.Enqueue((name, value));
                if (call is not null) Calls.Enqueue(call);
            }
        }

        public ConcurrentQueue<string> Calls { get; } = new();

        public double[] Of(string name) => [.. all.Where(a => a.Name == name).Select(a => a.Value)];

        public void Observe() => listener.RecordObservableInstruments();

        public void Clear() => all.Clear();

        public void Dispose() => listener.Dispose();
    }
}
