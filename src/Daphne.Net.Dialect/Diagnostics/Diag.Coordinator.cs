namespace Daphne.Net.Dialect;

public static partial class Diag
{
    /// <summary>An operation failed on a worker.</summary>
    public static readonly DiagnosticDef WorkerComputeFailed = new("DPH5500", Stage.Execute, "worker {0} could not compute this: {1}");

    /// <summary>A worker is gone.</summary>
    public static readonly DiagnosticDef WorkerUnreachable = new("DPH5501", Stage.Execute, "worker {0} does not answer: {1}", "see whether its process still runs and the address is right; values that only it held are lost, so start the script again");

    /// <summary>A worker is late.</summary>
    public static readonly DiagnosticDef WorkerTimedOut = new("DPH5502", Stage.Execute, "worker {0} did not answer in time: {1}", "it may be stopped, overloaded or cut off; a longer time for computing is RunOptions.ComputeTimeout");

    /// <summary>A worker and we do not trust each other.</summary>
    public static readonly DiagnosticDef WorkerUnauthenticated = new("DPH5503", Stage.Execute, "worker {0} refuses our credentials: {1}", "both sides read the same token file: pass --token-file, or run both under one account");

    /// <summary>A value is too large for a worker.</summary>
    public static readonly DiagnosticDef WorkerTooLarge = new("DPH5504", Stage.Execute, "worker {0} refuses a value for its size: {1}", "use more workers, or raise the worker's limit");

    /// <summary>Anything else.</summary>
    public static readonly DiagnosticDef WorkerFailed = new("DPH5505", Stage.Execute, "worker {0} failed: {1}");

    /// <summary>Two inputs of a pipeline that go out by row ranges do not match.</summary>
    public static readonly DiagnosticDef PipelineRowsDiffer = new("DPH5506", Stage.Execute, "the operands here have {0} and {1} rows", "they need the same number of rows, or one of them a single row");

    /// <summary>Two inputs of a pipeline that go out by column ranges do not match.</summary>
    public static readonly DiagnosticDef PipelineColumnsDiffer = new("DPH4086", Stage.Execute, "the operands here have {0} and {1} columns", "they need the same number of columns, or the right one a single column");

    /// <summary>A worker that was not there in the first place.</summary>
    public static readonly DiagnosticDef WorkerNotThere = new("DPH5507", Stage.Execute, "there is no worker at {0}: {1}", "start one with 'daphne worker {0}', or correct the address");
}
