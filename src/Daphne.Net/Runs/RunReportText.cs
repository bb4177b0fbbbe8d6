using System.Globalization;
using System.Text;

namespace Daphne.Net;

/// <summary>A report as people read it.</summary>
static class RunReportText
{
    static readonly string[] heads = ["pipeline", "runs", "rows", "total ms", "send", "compute", "collect", "wait", "sent", "received", "retries", "on"];
    // Numbers stand right, words left.
    const int FirstNumber = 1, LastNumber = 10;

    public static string Of(RunReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{report.Pipelines.Count} {(report.Pipelines.Count == 1 ? "pipeline" : "pipelines")} in {report.Elapsed.TotalMilliseconds:0.0} ms");
        if (report.Pipelines.Count == 0) return text.Append("; with a cluster, or fused (--vec), a script has some\n").ToString();
        text.Append(CultureInfo.InvariantCulture, $": {Milliseconds(report.Pipelines)} ms in pipelines, sent {Bytes(report.Pipelines.Sum(p => p.BytesSent))}, received {Bytes(report.Pipelines.Sum(p => p.BytesReceived))}\n");

        // Rounds of a loop are one line, whatever was decided of each; where it ran elsewhere it is another.
        var places = report.Pipelines.GroupBy(p => (p.Place, p.Operations, p.Where)).OrderByDescending(g => g.Sum(p => p.Elapsed.Ticks)).ToArray();
        string[][] rows = [heads, .. places.Select(g => Row(g.Key.Place, g.Key.Where, [.. g]))];
        int[] widths = [.. Enumerable.Range(0, heads.Length).Select(c => rows.Max(r => r[c].Length))];
        for (int i = 0; i < rows.Length; i++)
        {
            var line = new StringBuilder();
            for (int c = 0; c < heads.Length; c++)
                line.Append("  ").Append(c is >= FirstNumber and <= LastNumber ? rows[i][c].PadLeft(widths[c]) : rows[i][c].PadRight(widths[c]));
            text.Append(line.ToString().TrimEnd()).Append('\n');
            if (i == 0) continue;
            text.Append("    ").Append(places[i - 1].Key.Operations).Append('\n');
            foreach (var why in places[i - 1].Where(p => p.Why.Length > 0).GroupBy(p => p.Why).Take(MostReasons))
                text.Append("    why: ").Append(why.Key).Append('\n');
        }
        foreach (string note in report.Notes) text.Append("  note: ").Append(note).Append('\n');
        return text.ToString();
    }

    // A reason has figures in it, and so may be another one in every round.
    const int MostReasons = 3;

    static string[] Row(string place, string where, PipelineReport[] rounds) =>
    [
        place.Length > 0 ? place : "-", Number(rounds.Length), rounds.Select(r => r.Rows).Distinct().Count() == 1 ? Number(rounds[0].Rows) : $"{Number(rounds.Min(r => r.Rows))}-{Number(rounds.Max(r => r.Rows))}",
        Milliseconds(rounds), Milliseconds(rounds, p => p.Times.Send), Milliseconds(rounds, p => p.Times.Compute), Milliseconds(rounds, p => p.Times.Collect), Milliseconds(rounds, p => p.Times.Wait),
        Bytes(rounds.Sum(p => p.BytesSent)), Bytes(rounds.Sum(p => p.BytesReceived)), Number(rounds.Sum(p => p.Retries)), where,
    ];

    static string Milliseconds(IEnumerable<PipelineReport> pipelines) => Milliseconds(pipelines, p => p.Elapsed);

    static string Milliseconds(IEnumerable<PipelineReport> pipelines, Func<PipelineReport, TimeSpan> of) => pipelines.Sum(p => of(p).TotalMilliseconds).ToString("0.0", CultureInfo.InvariantCulture);

    static string Number(long n) => n.ToString(CultureInfo.InvariantCulture);

    static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 10_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
    };
}
