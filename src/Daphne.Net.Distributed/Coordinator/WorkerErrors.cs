using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>What a failing worker means for the script.</summary>
static class WorkerErrors
{
    public static ScriptException ToScriptException(WorkerException e, SourceSpan span) => new(e.Reason switch
    {
        WorkerFailure.ComputeFailed => Diag.WorkerComputeFailed.At(span, e.Worker.Address, e.Detail),
        WorkerFailure.Unreachable => Diag.WorkerUnreachable.At(span, e.Worker.Address, e.Detail),
        WorkerFailure.TimedOut => Diag.WorkerTimedOut.At(span, e.Worker.Address, e.Detail),
        WorkerFailure.Unauthenticated => Diag.WorkerUnauthenticated.At(span, e.Worker.Address, e.Detail),
        WorkerFailure.TooLarge => Diag.WorkerTooLarge.At(span, e.Worker.Address, e.Detail),
        _ => Diag.WorkerFailed.At(span, e.Worker.Address, e.Detail),
    }, e);
}
