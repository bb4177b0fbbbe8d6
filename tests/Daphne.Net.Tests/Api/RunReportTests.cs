using System.Text.Json;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Api;

/// <summary>The run report as text and as JSON.</summary>
public sealed class RunReportTests
{
    static readonly RunReport report = new(TimeSpan.FromMilliseconds(200),
    [
        Round("steps:3:9", 100, 12.5, 4, "4 ms here, 6 ms on 2 workers"),
        Round("steps:3:9", 120, 7.5, 0, "4 ms here, 5 ms on 2 workers"),
        new("steps:7:1", "sumAll", 1000, "local", TimeSpan.FromMilliseconds(40), 0, 0) { Times = new(default, TimeSpan.FromMilliseconds(40), default, default), Why = "1 ms here, 2 ms on 2 workers" },
    ]);

    [Fact]
    public void Text_is_a_table_with_rounds_of_a_loop_added_up_and_the_longest_first() => Assert.Equal("""
        3 pipelines in 200.0 ms: 60.0 ms in pipelines, sent 22.0 kB, received 32 B
          pipeline   runs     rows  total ms  send  compute  collect  wait     sent  received  retries  on
          steps:7:1     1     1000      40.0   0.0     40.0      0.0   0.0      0 B       0 B        0  local
            sumAll
            why: 1 ms here, 2 ms on 2 workers
          steps:3:9     2  100-120      20.0   2.0     14.0      8.0   4.0  22.0 kB      32 B        4  a:1, b:2
            ewAdd, ewMul
            why: 4 ms here, 6 ms on 2 workers
            why: 4 ms here, 5 ms on 2 workers

        """, report.ToString());

    [Fact]
    public void A_run_without_pipelines_says_how_to_get_some() =>
        Assert.Equal("0 pipelines in 1.5 ms; with a cluster, or fused (--vec), a script has some\n", new RunReport(TimeSpan.FromMilliseconds(1.5), []).ToString());

    [Fact]
    public void Json_has_the_names_that_the_documentation_lists()
    {
        using var json = JsonDocument.Parse(report.ToJson());
        var names = new SortedSet<string>(StringComparer.Ordinal);
        Collect(json.RootElement, "");
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "run-report.md"));
        Assert.All(names, name => Assert.Contains($"`{name}`", text, StringComparison.Ordinal));
        Assert.Equal(26, names.Count);

        void Collect(JsonElement element, string prefix)
        {
            if (element.ValueKind == JsonValueKind.Array) foreach (var item in element.EnumerateArray()) Collect(item, prefix);
            if (element.ValueKind != JsonValueKind.Object) return;
            foreach (var property in element.EnumerateObject())
            {
                names.Add(prefix + property.Name);
                Collect(property.Value, property.Name + ".");
            }
        }
    }

    [Fact]
    public void Json_has_every_round_and_every_figure()
    {
        using var json = JsonDocument.Parse(report.ToJson());
        var root = json.RootElement;
        Assert.Equal((1, 0.2), (root.GetProperty("version").GetInt32(), root.GetProperty("elapsed_seconds").GetDouble()));
        Assert.Equal(3, root.GetProperty("pipelines").GetArrayLength());
        var first = root.GetProperty("pipelines")[0];
        Assert.Equal("""
            {"place":"steps:3:9","operations":"ewAdd, ewMul","where":"workers","why":"4 ms here, 6 ms on 2 workers","rows":100,"pieces":2,"elapsed_seconds":0.0125,"send_seconds":0.001,"compute_seconds":0.007,"collect_seconds":0.004,"wait_seconds":0.002,"bytes_sent":11000,"bytes_received":16,"messages":5,"retries":4,"workers":[{"address":"a:1","bytes_sent":8000,"bytes_received":16,"messages":3,"pieces":1,"retries":0,"computing_seconds":0.007},{"address":"b:2","bytes_sent":3000,"bytes_received":0,"messages":2,"pieces":1,"retries":4,"computing_seconds":0.003}]}
            """, JsonSerializer.Serialize(first));
        Assert.Equal("local", root.GetProperty("pipelines")[2].GetProperty("where").GetString());
        Assert.DoesNotContain("\r", report.ToJson(), StringComparison.Ordinal);
    }

    static PipelineReport Round(string place, long rows, double milliseconds, int retries, string why) =>
        new(place, "ewAdd, ewMul", rows, "a:1, b:2", TimeSpan.FromMilliseconds(milliseconds), 11_000, 16)
        {
            Why = why, Pieces = 2, Messages = 5, Retries = retries, Times = new(Ms(1), Ms(7), Ms(4), Ms(2)),
            Workers = [new("a:1", 8000, 16, 3, 1, 0, Ms(7)), new("b:2", 3000, 0, 2, 1, retries, Ms(3))],
        };

    static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);
}
