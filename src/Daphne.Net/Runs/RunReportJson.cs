using System.Text.Json;
using System.Text.Json.Serialization;

namespace Daphne.Net;

/// <summary>A report as programs read it. Names are never changed or given another meaning; new ones may come.</summary>
sealed record RunReportJson(int Version, double ElapsedSeconds, RunReportJson.Pipeline[] Pipelines)
{
    const int Current = 1;

    public static string Of(RunReport report) => JsonSerializer.Serialize(
        new RunReportJson(Current, report.Elapsed.TotalSeconds, [.. report.Pipelines.Select(Pipeline.Of)]), RunReportNames.Default.RunReportJson);

    public sealed record Pipeline(string Place, string Operations, string Where, string Why, long Rows, int Pieces, double ElapsedSeconds,
        double SendSeconds, double ComputeSeconds, double CollectSeconds, double WaitSeconds, long BytesSent, long BytesReceived, int Messages, int Retries, Worker[] Workers)
    {
        public static Pipeline Of(PipelineReport p) => new(p.Place, p.Operations, p.Workers.IsEmpty ? "local" : "workers", p.Why, p.Rows, p.Pieces, p.Elapsed.TotalSeconds,
            p.Times.Send.TotalSeconds, p.Times.Compute.TotalSeconds, p.Times.Collect.TotalSeconds, p.Times.Wait.TotalSeconds,
            p.BytesSent, p.BytesReceived, p.Messages, p.Retries,
            [.. p.Workers.Select(w => new Worker(w.Address, w.BytesSent, w.BytesReceived, w.Messages, w.Pieces, w.Retries, w.Computing.TotalSeconds))]);
    }

    public sealed record Worker(string Address, long BytesSent, long BytesReceived, int Messages, int Pieces, int Retries, double ComputingSeconds);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(RunReportJson))]
sealed partial class RunReportNames : JsonSerializerContext;
