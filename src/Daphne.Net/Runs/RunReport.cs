using System.Collections.Immutable;
using Daphne.Net.Runtime;

namespace Daphne.Net;

/// <summary>One pipeline of a run.</summary>
/// <param name="Place">Where in the script it comes from: <c>name:line:column</c>.</param>
/// <param name="Operations">What it computed: <c>ewMul, ewAdd, sumAll</c>.</param>
/// <param name="Rows">Rows it ran over.</param>
/// <param name="Where">Who computed: <c>local</c>, or the workers' addresses.</param>
/// <param name="Elapsed">How long it took, from the first message to the last; results that stay on workers are fetched later.</param>
/// <param name="BytesSent">Bytes of values sent for it.</param>
/// <param name="BytesReceived">Bytes of its results that were fetched.</param>
public sealed record PipelineReport(string Place, string Operations, long Rows, string Where, TimeSpan Elapsed, long BytesSent, long BytesReceived)
{
    /// <summary>Why it ran there, in words with figures; empty where nothing was to be decided.</summary>
    public string Why { get; init; } = "";

    /// <summary>How many row ranges its inputs were cut into.</summary>
    public int Pieces { get; init; } = 1;

    /// <summary>Where its time went.</summary>
    public TimeSplit Times { get; init; }

    /// <summary>Calls to workers, those that failed too.</summary>
    public int Messages { get; init; }

    /// <summary>Calls that were made again because one failed, was late, or what it made was lost.</summary>
    public int Retries { get; init; }

    /// <summary>What each worker did for it.</summary>
    public ImmutableArray<WorkerFigures> Workers { get; init; } = [];

    internal static PipelineReport Of(PipelineRun run)
    {
        var figures = run.Figures;
        return new(run.Span.ToString(), run.Operations, run.Rows, run.Where, run.Elapsed, run.Traffic.Sent, run.Traffic.Received)
        {
            Why = run.Why, Pieces = run.Tasks, Times = figures.Times, Messages = figures.Messages, Retries = figures.Retries, Workers = figures.Workers,
        };
    }
}

/// <summary>What a run did.</summary>
/// <param name="Elapsed">From the script's text to its last statement.</param>
/// <param name="Pipelines">Its pipelines in order of their end; one that ran in a loop stands there once per round.</param>
public sealed record RunReport(TimeSpan Elapsed, IReadOnlyList<PipelineReport> Pipelines)
{
    /// <summary>What else is worth knowing, a sentence each: why something took a longer way than it might.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    internal static RunReport Of(TimeSpan elapsed, RunStatistics statistics) => new(elapsed, [.. statistics.Pipelines.Select(PipelineReport.Of)]) { Notes = [.. statistics.Notes] };

    /// <summary>A table for people: a line per place in the script and per who computed, rounds of loops added up, the places that took longest first.</summary>
    public override string ToString() => RunReportText.Of(this);

    /// <summary>The same for programs, every round on its own. <c>docs/run-report.md</c> lists the names, which stay.</summary>
    public string ToJson() => RunReportJson.Of(this);
}
