using System.Text.RegularExpressions;
using Daphne.Net.ClusterTests.Processes;

namespace Daphne.Net.ClusterTests.Mpi;

/// <summary>The tool as one rank of a job whose other sends what is malformed.</summary>
[Collection(MpiJobs.Name)]
public sealed class MpiMalformedTests : IDisposable
{
    readonly Scratch folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Launcher.OpenMpi)]
    [InlineData(Launcher.Mpich)]
    public async Task A_rank_that_serves_refuses_what_it_cannot_read_and_stays(string launcher)
    {
        var end = await RunAsync(launcher, Hostile("requests"), Tool());
        Assert.Equal([.. MalformedProgram.Requests.Select(verb => $"{verb}: Failed BadRequest rank 0 sent a message that is none of ours: {verb} in 10 bytes: it ends too early"), "Done"],
            end.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')));
        Assert.Equal((0, ""), (end.Status, end.Error));
    }

    [Theory]
    [InlineData(Launcher.OpenMpi, 0, "store", "error DPH4066: rank 1 stops serving: rank 0 sent a message that is none of ours: Store in 10 bytes: it ends too early")]
    [InlineData(Launcher.Mpich, 0, "kind", "error DPH4066: rank 1 stops serving: rank 0 sent a message that is none of ours: there is no kind 99")]
    [InlineData(Launcher.OpenMpi, 0, "way", "Store in 38 bytes: no value comes from rank 5 and goes to rank 0 by way of this one")]
    [InlineData(Launcher.OpenMpi, 0, "twice", "Store in 38 bytes: request 1 is under way")]
    [InlineData(Launcher.Mpich, 1, "kind", "error DPH4068: rank 1 sent a message that is none of ours: there is no kind 99")]
    [InlineData(Launcher.OpenMpi, 1, "value", "exp.daphne:2:13: error DPH4068: rank 1 sent a message that is none of ours: Done in 10 bytes: it ends too early")]
    public async Task Where_it_is_open_what_follows_the_job_ends_in_a_line(string launcher, int hostile, string how, string error)
    {
        var end = await (hostile == 0 ? RunAsync(launcher, Hostile(how), Tool()) : RunAsync(launcher, Tool(), Hostile(how)));
        string said = end.Error + end.Output;
        Assert.Contains(error, said, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(said, "error DPH"));
        // MPICH's launcher may tell the signal with which it ended the other rank instead.
        Assert.Contains(end.Status, launcher == Launcher.Mpich ? (int[])[3, 9] : [3]);
        Assert.DoesNotMatch(@"(?m)^\s+at |Unhandled|Exception", said);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_fails_its_request()
    {
        var end = await RunAsync(Launcher.OpenMpi, Tool(), Hostile("greeting"));
        Assert.Contains("Done in 10 bytes: it ends too early", end.Error, StringComparison.Ordinal);
        Assert.Contains("rank 1", end.Error, StringComparison.Ordinal);
        Assert.Equal((3, 1), (end.Status, Regex.Count(end.Error, "error DPH")));
    }

    string[] Tool()
    {
        folder.Write("exp.daphne", "X = fill(1.0, 2000, 500);\nwriteMatrix(exp(X), \"exp.dbdf\");\n");
        return [Processes.Tool.Program, "--distributed", "exp.daphne"];
    }

    static string[] Hostile(string how) => [Environment.ProcessPath!, MalformedProgram.Name, how];

    async Task<ToolResult> RunAsync(string launcher, string[] first, string[] second)
    {
        using var job = Launcher.Start(folder, launcher, 1, new Dictionary<string, string> { ["TERM"] = "dumb" }, [.. first, ":", "-np", "1", .. second]);
        return await job.EndAsync();
    }
}
