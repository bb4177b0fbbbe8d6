using Daphne.Net.Distributed;

namespace Daphne.Net;

/// <summary>
/// What to listen to, for instance with OpenTelemetry's <c>AddSource</c> and <c>AddMeter</c>. <c>docs/run-report.md</c> lists activities and instruments; they cost
/// nothing while nobody listens.
/// </summary>
public static class DaphneTelemetry
{
    /// <summary>The source of activities: a run, its pipelines, their calls to workers.</summary>
    public const string ActivitySourceName = Telemetry.Name;

    /// <summary>The meter of counters, the histogram and the gauges.</summary>
    public const string MeterName = Telemetry.Name;
}
