using System.Globalization;
using System.Text;

namespace Daphne.Net;

/// <summary>One pipeline of a run.</summary>
/// <param name="Place">Where in the script it comes from: <c>name:line:column</c>.</param>
/// <param name="Operations">What it computed: <c>ewMul, ewAdd, sumAll</c>.</param>
/// <param name="Rows">Rows it ran over.</param>
/// <param name="Where">Who computed: <c>local</c>, or the workers' addresses.</param>
/// <param name="Elapsed">How long it took, from the first message to the last; results that stay on workers are fetched later.</param>
/// <param name="BytesSent">Bytes of values sent for it.</param>
/// <param name="BytesReceived">Bytes of its results that were fetched.</param>
public sealed record PipelineReport(string Place, string Operations, long Rows, string Where, TimeSpan Elapsed, long BytesSent, long BytesReceived);

/// <summary>What a run did.</summary>
/// <param name="Elapsed">From the script's text to its last statement.</param>
/// <param name="Pipelines">Its pipelines in order of their end; one that ran in a loop stands there once per round.</param>
public sealed record RunReport(TimeSpan Elapsed, IReadOnlyList<PipelineReport> Pipelines)
{
    /// <summary>A table, one line per place in the script, rounds of loops added up.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Pipelines.Count} pipelines in {Elapsed.TotalMilliseconds:0.0} ms\n");
        foreach (var group in Pipelines.GroupBy(p => (p.Place, p.Operations, p.Where)))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {group.Key.Place}: {group.Key.Operations}\n");
            text.Append(CultureInfo.InvariantCulture, $"    {group.Count()} x {group.First().Rows} rows on {group.Key.Where}; {group.Sum(p => p.Elapsed.TotalMilliseconds):0.0} ms, "
                + $"sent {group.Sum(p => p.BytesSent)} B, received {group.Sum(p => p.BytesReceived)} B\n");
        }
        return text.ToString();
    }
}
