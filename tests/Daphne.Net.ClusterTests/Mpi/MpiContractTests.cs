using Daphne.Net.ClusterTests.Processes;

namespace Daphne.Net.ClusterTests.Mpi;

/// <summary>Jobs of several ranks, one after the other: each rank is awake while it has something to do, and there are few cores.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MpiJobs
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "MPI jobs";
}

/// <summary>A worker that is another rank keeps every promise of a worker, with either make of MPI.</summary>
[Collection(MpiJobs.Name)]
public sealed class MpiContractTests
{
    [Theory]
    [InlineData(Launcher.OpenMpi)]
    [InlineData(Launcher.Mpich)]
    public async Task A_rank_behind_the_client_fulfils_the_contract(string launcher)
    {
        using var folder = new Scratch();
        var end = await Launcher.RunProgramAsync(folder, launcher, 2, Environment.ProcessPath!, ContractProgram.Name, Path.Combine(folder.Root, "back"));
        var expected = ContractProgram.Tests().Select(t => t.Values.Length == 0 ? $"ok {t.Method.Name}" : $"ok {t.Method.Name}({string.Join(", ", t.Values)})").ToArray();
        Assert.True(expected.Length > 30, $"{expected.Length} tests");
        Assert.Equal(expected, end.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r')));
        Assert.Equal(0, end.Status);
    }
}
