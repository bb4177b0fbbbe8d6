using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>What a failing worker means for the script.</summary>
public static class WorkerErrors
{
    internal static ScriptException ToScriptException(WorkerException e, SourceSpan span) => new(ToDiagnostic(e, span), e);

    /// <summary>The failure as a diagnostic that names the worker and the cure.</summary>
    public static Diagnostic ToDiagnostic(WorkerException e, SourceSpan span) => e.Reason switch
    {
        WorkerFailure.ComputeFailed => Diag.WorkerComputeFailed.At(span, e.Worker.Address, e.Detail),
        WorkerFailure.Unreachable => Diag.WorkerUnreachable.At(span, e.Worker.Address, e.Detail),
        WorkerFailure.TimedOut => Diag.WorkerTimedOut.At(span, e.Worker.Address, e.Detail),
        WorkerFailure.Unauthenticated => Diag.WorkerUnauthenticated.At(span, e.Worker.Address, e.Detail),
        WorkerFailure.TooLarge => Diag.WorkerTooLarge.At(span, e.Worker.Address, e.Detail),
        _ => Diag.WorkerFailed.At(span, e.Worker.Address, e.Detail),
    };
}
