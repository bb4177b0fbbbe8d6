using System.Diagnostics;
using System.Diagnostics.Metrics;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed.Recovery;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>
/// Activities and instruments of this product, under one name; <c>docs/run-report.md</c> lists them. Nothing is computed, kept or allocated for them while
/// nobody listens.
/// </summary>
static class Telemetry
{
    /// <summary>Of the source and the meter.</summary>
    public const string Name = "Daphne.Net";

    public static readonly ActivitySource Activities = new(Name, ProductVersion.Text);
    public static readonly Meter Meter = new(Name, ProductVersion.Text);
    public static readonly Counter<long> Sent = Meter.CreateCounter<long>("daphne.sent", "By", "Bytes of values sent to workers.");
    public static readonly Counter<long> Received = Meter.CreateCounter<long>("daphne.received", "By", "Bytes of values fetched from workers.");
    public static readonly Counter<long> Pipelines = Meter.CreateCounter<long>("daphne.pipelines", "{pipeline}", "Pipelines that have ended.");
    public static readonly Counter<long> Retries = Meter.CreateCounter<long>("daphne.retries", "{call}", "Calls to workers that were made again.");
    public static readonly Histogram<double> CallDuration = Meter.CreateHistogram<double>("daphne.call.duration", "s", "How long calls to workers take.");

    /// <summary>The workers of this process, whether they listen or not.</summary>
    public static readonly AliveObjects<WorkerService> Services = new();

    /// <summary>The sets of workers that this process calls.</summary>
    public static readonly AliveObjects<WorkerSet> Sets = new();

    // They look at the lists above, which must be there before.
    static readonly ObservableGauge<long> liveBytes = Meter.CreateObservableGauge("daphne.worker.live_bytes", LiveBytes, "By", "Bytes of values that a worker of this process holds.");
    static readonly ObservableGauge<int> workers = Meter.CreateObservableGauge("daphne.workers", Workers, "{worker}", "Workers that this process calls, by state.");

    static IEnumerable<Measurement<long>> LiveBytes() => Services.All.Select(s => new Measurement<long>(s.Values.Stats.LiveBytes, new KeyValuePair<string, object?>("daphne.worker", s.Name)));

    static IEnumerable<Measurement<int>> Workers()
    {
        var states = Sets.All.SelectMany(s => s.Seats).Select(s => s.State).ToArray();
        return Enum.GetValues<WorkerState>().Select(state => new Measurement<int>(states.Count(s => s == state), new KeyValuePair<string, object?>("daphne.worker.state", NameOf(state))));
    }

    static string NameOf(WorkerState state) => state switch { WorkerState.Up => "up", WorkerState.Silent => "silent", _ => "lost" };

    /// <summary>A script begins; null where nobody listens.</summary>
    public static Activity? BeginRun(string script)
    {
        var activity = Activities.HasListeners() ? Activities.StartActivity("run") : null;
        activity?.SetTag("daphne.script", script);
        return activity;
    }

    /// <summary>A pipeline has run in this process.</summary>
    public static void RanHere(PipelineRun run, TimeProvider time)
    {
        if (Pipelines.Enabled) Pipelines.Add(1, new KeyValuePair<string, object?>("daphne.where", "local"));
        if (!Activities.HasListeners()) return;
        var end = time.GetUtcNow();
        using var activity = Activities.StartActivity("pipeline", ActivityKind.Internal, default(ActivityContext), startTime: end - run.Elapsed);
        if (activity is null) return;
        Describe(activity, run.Span, run.Operations, run.Rows, "local");
        activity.SetEndTime(end.UtcDateTime);
    }

    public static void Describe(Activity activity, SourceSpan span, string operations, long rows, string where) => activity
        .SetTag("daphne.place", span.ToString()).SetTag("daphne.operations", operations).SetTag("daphne.rows", rows).SetTag("daphne.where", where);
}

/// <summary>A pipeline on workers, as seen by whoever listens.</summary>
readonly struct PipelineTrace(Activity? activity)
{
    public static PipelineTrace Begin(Pipeline pipeline, long rows, int pieces)
    {
        var activity = Telemetry.Activities.HasListeners() ? Telemetry.Activities.StartActivity("pipeline") : null;
        if (activity is null) return default;
        Telemetry.Describe(activity, pipeline.Span, pipeline.Describe(), rows, "workers");
        activity.SetTag("daphne.pieces", pieces);
        return new(activity);
    }

    /// <summary>Calls are made on other threads, and after the end too: they get their parent from here.</summary>
    public CallTrace Call(CallKind kind, WorkerIdentity worker, bool again)
    {
        if (again && Telemetry.Retries.Enabled) Telemetry.Retries.Add(1, new KeyValuePair<string, object?>("daphne.worker", worker.Address));
        return CallTrace.Begin(activity?.Context ?? default, kind, worker, again);
    }

    public void End(bool failed)
    {
        if (Telemetry.Pipelines.Enabled && !failed) Telemetry.Pipelines.Add(1, new KeyValuePair<string, object?>("daphne.where", "workers"));
        if (failed) activity?.SetStatus(ActivityStatusCode.Error);
        activity?.Dispose();
    }
}

/// <summary>A call to a worker, as seen by whoever listens.</summary>
struct CallTrace
{
    readonly Activity? activity;
    readonly CallKind kind;
    readonly WorkerIdentity worker;
    string outcome;

    CallTrace(Activity? activity, CallKind kind, WorkerIdentity worker) => (this.activity, this.kind, this.worker, outcome) = (activity, kind, worker, "Cancelled");

    public static CallTrace Begin(ActivityContext pipeline, CallKind kind, WorkerIdentity worker, bool again)
    {
        var activity = Telemetry.Activities.HasListeners() ? Telemetry.Activities.StartActivity(NameOf(kind), ActivityKind.Client, pipeline) : null;
        activity?.SetTag("daphne.worker", worker.Address).SetTag("daphne.retry", again);
        return new(activity, kind, worker);
    }

    public readonly void Sent(long bytes)
    {
        activity?.SetTag("daphne.bytes", bytes);
        if (Telemetry.Sent.Enabled) Telemetry.Sent.Add(bytes, new KeyValuePair<string, object?>("daphne.worker", worker.Address));
    }

    public readonly void Received(long bytes)
    {
        activity?.SetTag("daphne.bytes", bytes);
        if (Telemetry.Received.Enabled) Telemetry.Received.Add(bytes, new KeyValuePair<string, object?>("daphne.worker", worker.Address));
    }

    public void Done(long rows)
    {
        outcome = "";
        activity?.SetTag("daphne.rows", rows);
    }

    public void Failed(WorkerException e)
    {
        outcome = e.Reason.ToString();
        activity?.SetStatus(ActivityStatusCode.Error, e.Detail);
    }

    public readonly void End(TimeSpan took)
    {
        if (Telemetry.CallDuration.Enabled)
        {
            var tags = new TagList { { "daphne.call", NameOf(kind) }, { "daphne.worker", worker.Address } };
            if (outcome.Length > 0) tags.Add("error.type", outcome);
            Telemetry.CallDuration.Record(took.TotalSeconds, tags);
        }
        if (activity is null) return;
        if (outcome.Length > 0) activity.SetTag("error.type", outcome);
        activity.Dispose();
    }

    static string NameOf(CallKind kind) => kind switch { CallKind.Send => "store", CallKind.Compute => "compute", _ => "transfer" };
}
