using Daphne.Net.ClusterTests.Processes;

namespace Daphne.Net.ClusterTests.Mpi;

/// <summary>A worker that is another rank keeps every promise of a worker, with either make of MPI.</summary>
public sealed class MpiContractTests
{
    [Theory]
    [InlineData(Launcher.OpenMpi)]
    [InlineData(Launcher.Mpich)]
    public async Task A_rank_behind_the_client_fulfils_the_contract(string launcher)
    {
        using var folder = new Scratch();
        using var job = Launcher.Start(folder, launcher, 2, new Dictionary<string, string> { ["TERM"] = "dumb" }, Environment.ProcessPath!, ContractProgram.Name, Path.Combine(folder.Root, "back"));
        var end = await job.EndAsync();
        var expected = ContractProgram.Tests().Select(t => t.Values.Length == 0 ? $"ok {t.Method.Name}" : $"ok {t.Method.Name}({string.Join(", ", t.Values)})").ToArray();
        Assert.True(expected.Length > 30, $"{expected.Length} tests");
        Assert.Equal(expected, end.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')));
        Assert.Equal(0, end.Status);
    }
}
