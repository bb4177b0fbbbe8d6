using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>What a failing worker means for the script.</summary>
public static class WorkerErrors
{
    internal static ScriptException ToScriptException(WorkerException e, SourceSpan span) => new(ToDiagnostic(e, span), e);

    /// <summary>A pipeline that failed: at the operation that failed, and with the rows that the worker has, because it counts from the first of these.</summary>
    internal static ScriptException ToScriptException(WorkerException e, Pipeline pipeline, string? rows)
    {
        if (e.Reason != WorkerFailure.ComputeFailed) return ToScriptException(e, pipeline.Span);
        var (line, text) = FragmentError.Read(e.Detail);
        var body = pipeline.Operation.Regions[0].Block.Operations;
        // The first line of a fragment is its head; then there is one per operation.
        var span = line - 2 is { } index && index >= 0 && index < body.Count ? body[index].Span : pipeline.Span;
        return new(Diag.WorkerComputeFailed.At(span.Source is null ? pipeline.Span : span, rows is null ? e.Worker.Address : $"{e.Worker.Address} ({rows})", text), e);
    }

    /// <summary>The failure as a diagnostic that names the worker and the cure.</summary>
    public static Diagnostic ToDiagnostic(WorkerException e, SourceSpan span) => e.Reason switch
    {
        WorkerFailure.ComputeFailed => Diag.WorkerComputeFailed.At(span, e.Worker.Address, e.Detail),
        WorkerFailure.Unreachable => Diag.WorkerUnreachable.At(span, e.Worker.Address, e.Detail),
        WorkerFailure.TimedOut => Diag.WorkerTimedOut.At(span, e.Worker.Address, e.Detail),
        WorkerFailure.Unauthenticated => Diag.WorkerUnauthenticated.At(span, e.Worker.Address, e.Detail),
        WorkerFailure.Superseded => Diag.ClusterTakenOver.At(span, e.Worker.Address, e.Detail),
        WorkerFailure.TooLarge => Diag.WorkerTooLarge.At(span, e.Worker.Address, e.Detail),
        _ => Diag.WorkerFailed.At(span, e.Worker.Address, e.Detail),
    };

    /// <summary>Nobody answers any more.</summary>
    internal static ScriptException NoWorkers(WorkerSet workers, Exception? last, SourceSpan span) =>
        new(Diag.NoWorkersLeft.At(span, string.Join("; ", workers.Seats.Where(s => s.State != WorkerState.Up).Select(s => $"{s.Client.Identity.Address}: {s.Why}").Concat(workers.Grace.Why is { Length: > 0 } why ? [why] : Array.Empty<string>()))), last);

    /// <summary>A fragment that ends whoever runs it.</summary>
    internal static ScriptException Poison(string task, int deaths, WorkerSet workers, SourceSpan span) =>
        new(Diag.PoisonTask.At(span, task, deaths, workers.Seats.LastOrDefault(s => s.State == WorkerState.Lost) is { } seat ? $"{seat.Client.Identity.Address}: {seat.Why}" : "unknown"));

    /// <summary>A call that failed again and again, at one worker or another.</summary>
    internal static ScriptException Attempts(WorkerException last, int attempts, SourceSpan span) => new(Diag.WorkerGaveUp.At(span, last.Message, attempts), last);
}
