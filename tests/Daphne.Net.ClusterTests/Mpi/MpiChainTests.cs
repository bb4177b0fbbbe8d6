using Daphne.Net.ClusterTests.Processes;

namespace Daphne.Net.ClusterTests.Mpi;

/// <summary>A value for several ranks goes from one to the other, with either make of MPI.</summary>
[Collection(MpiJobs.Name)]
public sealed class MpiChainTests
{
    [Theory]
    [InlineData(Launcher.OpenMpi)]
    [InlineData(Launcher.Mpich)]
    public async Task Values_go_from_rank_to_rank(string launcher)
    {
        using var folder = new Scratch();
        var end = await Launcher.RunProgramAsync(folder, launcher, ChainProgram.Ranks, Environment.ProcessPath!, ChainProgram.Name);
        Assert.Equal(ChainProgram.Tests().Select(t => $"ok {t.Name}"), end.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')));
        Assert.Equal(0, end.Status);
    }
}
