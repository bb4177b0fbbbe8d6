using System.Collections.Immutable;

namespace Daphne.Net.Runtime;

/// <summary>What one pipeline has done on workers until now.</summary>
/// <param name="Times">Where its time went.</param>
/// <param name="Messages">Calls to workers, those that failed too.</param>
/// <param name="Retries">Calls that were made again: computing a piece, fetching it, sending it to the same worker.</param>
/// <param name="Workers">The same for each worker that was called, by address.</param>
public sealed record PipelineFigures(TimeSplit Times, int Messages, int Retries, ImmutableArray<WorkerFigures> Workers)
{
    /// <summary>Of a pipeline that ran here.</summary>
    public static PipelineFigures Local(TimeSpan elapsed) => new(new(default, elapsed, default, default), 0, 0, []);
}

/// <summary>
/// Where the time of a pipeline went. A moment counts once, however many calls are under way: as computing while any worker computes, else as sending, else
/// as collecting; and as waiting where nothing is under way and the pipeline has not ended. So a figure says what was not hidden behind the ones before it,
/// and without calls after its end (results that are fetched later, pieces that are made again) the four add up to the time the pipeline took.
/// </summary>
/// <param name="Send">Values on their way to workers.</param>
/// <param name="Compute">A worker, or this process, computes.</param>
/// <param name="Collect">Results on their way here.</param>
/// <param name="Wait">None of these: planning, inputs that come from elsewhere, workers that are waited for.</param>
public readonly record struct TimeSplit(TimeSpan Send, TimeSpan Compute, TimeSpan Collect, TimeSpan Wait)
{
    /// <summary>Of two pipelines, one after the other.</summary>
    public static TimeSplit operator +(TimeSplit x, TimeSplit y) => new(x.Send + y.Send, x.Compute + y.Compute, x.Collect + y.Collect, x.Wait + y.Wait);
}

/// <summary>What one worker did for a pipeline.</summary>
/// <param name="Address">The worker.</param>
/// <param name="BytesSent">Bytes of values sent to it, as they lie in memory; a call that failed counts too.</param>
/// <param name="BytesReceived">Bytes of values that came from it.</param>
/// <param name="Messages">Calls to it.</param>
/// <param name="Pieces">Row ranges it computed.</param>
/// <param name="Retries">Calls to it that repeated one to it or to another worker.</param>
/// <param name="Computing">How long its computations took, added up.</param>
public sealed record WorkerFigures(string Address, long BytesSent, long BytesReceived, int Messages, int Pieces, int Retries, TimeSpan Computing);
