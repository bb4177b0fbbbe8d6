using System.Text.Json;
using Daphne.Net.ClusterTests.Processes;

namespace Daphne.Net.ClusterTests.ToolRuns;

/// <summary>The tool as its user meets it: exit statuses, the two streams, and the words for what goes wrong.</summary>
public sealed class ToolTests : IDisposable
{
    readonly Scratch folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_script_that_succeeds_leaves_the_error_stream_empty()
    {
        folder.Write("ok.daphne", "X = [1, 2, 3, 4](2, 2);\nprint(X + $a);\nprint($t);\n");
        await AssertEnds(0, "DenseMatrix(2x2, double)\n1.5 2.5\n3.5 4.5\nhello world\n", "", "ok.daphne", "a=0.5", "t=\"hello world\"");
        await AssertEnds(0, "DenseMatrix(2x2, int64_t)\n0 1\n2 3\nx\n", "", "--vec", "--args", "a=-1", "ok.daphne", "t=\"x\"");
    }

    [Fact]
    public async Task Stop_logs_its_message_to_standard_output_behind_what_was_printed()
    {
        folder.Write("stop.daphne", "print(\"before\");\nstop(\"m\");\nprint(\"after\");\n");
        await AssertEnds(3, "before\n[error]: Execution error: system stopped: m\n", "", "stop.daphne");
        folder.Write("stop.daphne", "stop();");
        await AssertEnds(3, "[error]: Execution error: system stopped: unspecified reason\n", "", "stop.daphne");
    }

    [Fact]
    public async Task A_script_prints_to_the_error_stream_where_it_says_so()
    {
        folder.Write("both.daphne", "print(1);\nprint(\"e\", true, true);\nprint(2, false);\n");
        await AssertEnds(0, "1\n2", "e\n", "both.daphne");
    }

    [Fact]
    public async Task A_name_that_is_not_known_is_shown_in_its_place_with_the_nearest_one()
    {
        folder.Write("names.daphne", "count = 3;\n\tprint(cuont + 1);\nprint(nonsense);\n");
        await AssertEnds(1, "", """
            names.daphne:2:8: error DPH1500: the variable 'cuont' is not known
              	print(cuont + 1);
              	      ^^^^^
            hint: did you mean 'count'?
            names.daphne:3:7: error DPH1500: the variable 'nonsense' is not known
              print(nonsense);
                    ^^^^^^^^
            hint: assign it first

            """, "names.daphne");
    }

    [Fact]
    public async Task Shapes_that_do_not_fit_are_both_named_and_what_was_printed_stays()
    {
        folder.Write("shape.daphne", "X = rand(3, 4, 0.0, 1.0, 1.0, 1);\nprint(\"made\");\nprint(X @ X);\n");
        var result = await Tool.RunAsync(folder, "shape.daphne");
        Assert.InRange(result.Status, 2, 3);
        Assert.True(result.Output is "made\n" or "", result.Output);
        Assert.StartsWith("shape.daphne:3:7: error DPH2104: '@' needs matching inner dimensions, but the operands are 3x4 and 3x4\n  print(X @ X);\n        ^^^^^\nhint: ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,2\n3,x4\n", "bad.csv:2:3: 'x4' is not a number of type f64")]
    [InlineData("1,2\n3\n", "bad.csv:2: the row has 1 fields, but the .meta file says 2 columns")]
    [InlineData("1,2\n", "'bad.csv' ends after 1 rows, but its .meta file says 2")]
    public async Task A_malformed_file_is_shown_by_line_and_column(string csv, string message)
    {
        folder.Write("bad.csv", csv);
        folder.Write("bad.csv.meta", "{\"numRows\": 2, \"numCols\": 2, \"valueType\": \"f64\"}");
        folder.Write("read.daphne", "print(\"before\");\nprint(sum(readMatrix(\"bad.csv\")));\n");
        var result = await Tool.RunAsync(folder, "read.daphne");
        Assert.Equal((3, "before\n"), (result.Status, result.Output));
        Assert.StartsWith("read.daphne:2:11: error DPH40", result.Error, StringComparison.Ordinal);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "'d.csv.meta' does not exist")]
    [InlineData("{\"numRows\": 2,", "'d.csv.meta', line 1, column ")]
    [InlineData("{\"numRows\": 2, \"valueType\": \"f64\"}", "'d.csv.meta' has no key \"numCols\"")]
    [InlineData("{\"numRows\": 2, \"numCols\": -1, \"valueType\": \"f64\"}", "\"numCols\" must be a whole number of at least 0")]
    [InlineData("{\"numRows\": 2, \"numCols\": 2, \"valueType\": \"f65\"}", "\"valueType\" must be ")]
    public async Task A_description_that_is_wrong_is_named(string? meta, string message)
    {
        folder.Write("d.csv", "1,2\n3,4\n");
        if (meta is not null) folder.Write("d.csv.meta", meta);
        folder.Write("read.daphne", "print(readMatrix(\"d.csv\"));");
        var result = await Tool.RunAsync(folder, "read.daphne");
        Assert.Equal((2, ""), (result.Status, result.Output));
        Assert.StartsWith("read.daphne:1:7: error DPH40", result.Error, StringComparison.Ordinal);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_parentheses_are_an_error_with_a_place()
    {
        folder.Write("deep.daphne", "print(" + new string('(', 10_000) + "1" + new string(')', 10_000) + ");");
        var result = await Tool.RunAsync(folder, "deep.daphne");
        Assert.Equal((1, ""), (result.Status, result.Output));
        Assert.StartsWith("deep.daphne:1:", result.Error, StringComparison.Ordinal);
        Assert.Contains("nested deeper than", result.Error, StringComparison.Ordinal);
        Assert.True(result.Error.Length < 1000, "the line is cut to the part around the place");
    }

    [Fact]
    public async Task Recursion_without_end_is_an_error_with_a_place()
    {
        folder.Write("deep.daphne", "def f(n: si64) -> si64 {\n    return f(n + 1) + 1;\n}\nprint(f(1));\n");
        var result = await Tool.RunAsync(folder, "deep.daphne");
        Assert.Equal((3, ""), (result.Status, result.Output));
        Assert.StartsWith("deep.daphne:2:12: error DPH3001: function f calls itself too deeply", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_is_not_there_not_a_file_or_not_text_is_named()
    {
        await AssertEnds(1, "", "error DPH7006: cannot read the script no.daphne: there is no such file\nhint: check the path; paths are relative to the current directory\n", "no.daphne");
        await AssertEnds(1, "", "error DPH7006: cannot read the script .: it is a folder\nhint: check the path; paths are relative to the current directory\n", ".");
        File.WriteAllBytes(Path.Combine(folder.Root, "latin.daphne"), [.. "# caf\u00e9\u00e9"u8, (byte)'\n', .. "print(\"na"u8, 0xef, .. "ve\");"u8]);
        await AssertEnds(1, "", "error DPH7009: latin.daphne:2:10: the byte ef is not UTF-8\nhint: scripts are UTF-8 text; convert the file, for instance with iconv\n", "latin.daphne");
        File.WriteAllBytes(Path.Combine(folder.Root, "bom.daphne"), [0xef, 0xbb, 0xbf, .. "print(\"\u00e9\");"u8]);
        await AssertEnds(0, "\u00e9\n", "", "bom.daphne");
    }

    [Fact]
    public async Task Wrong_command_lines_end_with_status_1_and_the_cure()
    {
        folder.Write("a.daphne", "print($a);");
        await AssertEnds(1, "", "error DPH7000: unknown option --hepl\nhint: did you mean --help?\n", "--hepl");
        await AssertEnds(1, "", "error DPH7005: the script argument a is given more than once\nhint: give a once, either behind the script or in --args\n", "--args", "a=1", "a.daphne", "a=2");
        var missing = await Tool.RunAsync(folder, "a.daphne");
        Assert.Equal(1, missing.Status);
        Assert.StartsWith("a.daphne:1:7: error DPH1503: the script argument $a was not given\n", missing.Error, StringComparison.Ordinal);
        var sum = await Tool.RunAsync(folder, "a.daphne", "a=10+10");
        Assert.Equal(1, sum.Status);
        Assert.Contains("the script argument a is not one literal: 10+10", sum.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_and_version_go_to_standard_output()
    {
        var help = await Tool.RunAsync(folder, "--help");
        Assert.Equal((0, ""), (help.Status, help.Error));
        Assert.Contains("usage: daphne [options] script [name=value ...]", help.Output, StringComparison.Ordinal);
        var version = await Tool.RunAsync(folder, "--version");
        Assert.Equal((0, ""), (version.Status, version.Error));
        Assert.Matches(@"^daphne \d+\.\d+\.\d+\n$", version.Output);
    }

    [Fact]
    public async Task Timing_is_one_line_of_JSON_and_statistics_are_lines()
    {
        folder.Write("t.daphne", "X = rand(100, 10, 0.0, 1.0, 1.0, 1);\nprint(nrow(X));\nprint(sum(X * X) > 0.0);\n");
        var timing = await Tool.RunAsync(folder, "--timing", "t.daphne");
        Assert.Equal((0, "100\n1\n"), (timing.Status, timing.Output));
        using var times = JsonDocument.Parse(timing.Error);
        double Of(string key) => times.RootElement.GetProperty(key + "_seconds").GetDouble();
        Assert.True(Of("startup") >= 0 && Of("parsing") > 0 && Of("compilation") > 0 && Of("execution") > 0);
        Assert.Equal(Of("total"), Of("startup") + Of("parsing") + Of("compilation") + Of("execution"), 1e-5);

        var statistics = await Tool.RunAsync(folder, "--vec", "--statistics", "t.daphne");
        Assert.Equal((0, "100\n1\n"), (statistics.Status, statistics.Output));
        Assert.Matches(@"^t\.daphne:3:\d+: .*sumAll.*; 100 rows in \d+ tasks? on local, [0-9.]+ ms, sent 0 B, received 0 B\n$", statistics.Error);
        Assert.Equal("no pipelines were run; --vec and --distributed make some\n", (await Tool.RunAsync(folder, "--statistics", "t.daphne")).Error);
    }

    [Fact]
    public async Task Each_stage_can_be_shown()
    {
        folder.Write("t.daphne", "X = fill($a, 10, 10);\nprint(sum(X * 2.0));\n");
        var shown = await Tool.RunAsync(folder, "--vec", "--explain=parsing,parsing_simplified,property_inference,type_adaptation,vectorized", "t.daphne", "a=1.5");
        Assert.Equal((0, "300\n"), (shown.Status, shown.Output));
        string[] stages = [.. shown.Error.Split('\n').Where(l => l.StartsWith("IR after ", StringComparison.Ordinal)).Select(l => l["IR after ".Length..^1]).Distinct()];
        Assert.Equal(["parsing", "parsing_simplified", "property_inference", "type_adaptation", "vectorized"], stages);
        Assert.Contains("\"daphne.vectorizedPipeline\"", shown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_reading_any_more_ends_an_endless_script_without_a_word()
    {
        folder.Write("endless.daphne", "i = 0;\nwhile (i >= 0) {\n    print(i);\n    i = i + 1;\n}\n");
        using var tool = Tool.Start(folder, "endless.daphne");
        Assert.Equal("0", await tool.LineAsync());
        tool.StopReading();
        var end = await tool.EndAsync(withOutput: false);
        Assert.Equal((141, ""), (end.Status, end.Error));
    }

    [Theory]
    [InlineData(Signal.Int, 130)]
    [InlineData(Signal.Term, 143)]
    public async Task A_signal_stops_a_script_and_what_it_printed_is_written(int signal, int status)
    {
        folder.Write("endless.daphne", "print(\"begun\");\nprint(\"ready\", true, true);\ni = 0;\nwhile (i >= 0) { i = i + 1; if (i > 1000000000) { i = 0; } }\n");
        using var tool = Tool.Start(folder, "endless.daphne");
        Assert.Equal("ready", await tool.ErrorLineAsync());
        Signal.Send(tool.Id, signal);
        var end = await tool.EndAsync();
        Assert.Equal(new(status, "begun\n", "stopped\n"), end);
    }

    [Fact]
    public async Task A_signal_stops_a_long_operation_on_a_matrix()
    {
        folder.Write("long.daphne", "X = rand(2000, 500, 0.0, 1.0, 1.0, 1);\nprint(\"ready\", true, true);\nwhile (sum(X) > 0.0) { X = exp(sqrt(X)) / exp(sqrt(X)) + X * 0.0; }\n");
        using var tool = Tool.Start(folder, "--vec", "long.daphne");
        Assert.Equal("ready", await tool.ErrorLineAsync());
        Signal.Send(tool.Id, Signal.Int);
        Assert.Equal(new(130, "", "stopped\n"), await tool.EndAsync());
    }

    async Task AssertEnds(int status, string output, string error, params string[] arguments) => Assert.Equal(new ToolResult(status, output, error), await Tool.RunAsync(folder, arguments));
}
