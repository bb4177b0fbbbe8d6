using Daphne.Net.Cli;

namespace Daphne.Net.Tests.Cli;

/// <summary>The edge of the process: whatever is thrown ends in a status and words.</summary>
public sealed class RunCommandTests
{
    [Fact]
    public void A_fault_of_ours_is_one_line_and_status_4()
    {
        var error = new StringWriter();
        int status = RunCommand.Run(["--version"], new Failing(new InvalidOperationException("queue\nempty")), error);
        Assert.Equal(4, status);
        Assert.Equal("internal error: InvalidOperationException: queue empty; this is a fault of daphne, please report it with the script (DAPHNE_DEBUG=1 shows where it happened)\n", error.ToString());
    }

    [Fact]
    public void Output_that_cannot_be_written_is_an_error_that_says_why()
    {
        var error = new StringWriter();
        Assert.Equal(3, RunCommand.Run(["--version"], new Failing(new OutputException("No space left on device", closed: false)), error));
        Assert.Equal("error DPH7010: the output cannot be written: No space left on device\n", error.ToString());
    }

    [Fact]
    public void A_reader_that_has_seen_enough_is_no_error()
    {
        var error = new StringWriter();
        Assert.Equal(141, RunCommand.Run(["--help"], new Failing(new OutputException("Broken pipe", closed: true)), error));
        Assert.Equal("", error.ToString());
    }

    [Fact]
    public void The_run_report_is_written_where_it_was_asked_for()
    {
        var folder = Directory.CreateTempSubdirectory("daphne-cli-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "s.daphne"), "X = fill(1.5, 100, 10);\nprint(sum(X * 2.0));\n");
            StringWriter output = new(), error = new();
            Assert.Equal(0, RunCommand.Run(["--vec", "--run-report", "--run-report=r.json", "s.daphne"], output, error, new(folder.FullName, true, true)));
            Assert.Equal("3000\n", output.ToString());
            Assert.Matches("(?s)^1 pipeline in .* ms: .*\n  s.daphne:2:.* +1 +100 .* local\n    ewMul, sumAll, cast\n$", error.ToString());
            using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.FullName, "r.json")));
            Assert.Equal("ewMul, sumAll, cast", json.RootElement.GetProperty("pipelines")[0].GetProperty("operations").GetString());

            error = new();
            Assert.Equal(3, RunCommand.Run(["--run-report=missing/r.json", "s.daphne"], output, error, new(folder.FullName, true, true)));
            Assert.StartsWith("error DPH4080: the run report cannot be written to 'missing/r.json': ", error.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    sealed class Failing(Exception e) : StringWriter
    {
        public override void Write(string? value) => throw e;
    }
}
