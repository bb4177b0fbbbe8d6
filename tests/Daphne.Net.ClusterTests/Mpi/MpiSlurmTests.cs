using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Real;

namespace Daphne.Net.ClusterTests.Mpi;

/// <summary>Ranks on three machines, started by a real Slurm.</summary>
[Collection(OnRealCluster.Name)]
public sealed class MpiSlurmTests : IDisposable
{
    // In the home folder, which all machines share: the repository may lie where they do not see it.
    readonly string folder = Path.Combine(RealCluster.Home, $"mpi-{Guid.NewGuid():N}");

    public MpiSlurmTests()
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(Tool.Program)!)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        File.WriteAllText(Path.Combine(folder, "sums.daphne"), "X = seq(1.0, 999.0) * 0.1;\nprint(sum(X + 1.0));\nprint(X[998, ]);\n");
        // The cluster's user works in it.
        RealCluster.Control("exec", "login", "chown", "-R", "hpc", $"/home/hpc/{Path.GetFileName(folder)}");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("srun -N3 -n3 --mpi=pmix", Launcher.OpenMpi)]
    [InlineData("srun -N3 -n3 --mpi=pmi2", Launcher.Mpich)]
    [InlineData("salloc -Q -N2 -n2 mpirun.openmpi", Launcher.OpenMpi)]
    public async Task A_script_runs_on_ranks_of_several_machines(string launch, string make)
    {
        using var scratch = new Scratch();
        File.Copy(Path.Combine(folder, "sums.daphne"), Path.Combine(scratch.Root, "sums.daphne"));
        var here = await Tool.RunAsync(scratch, "sums.daphne");
        Assert.Equal(here.Output, RealCluster.On("login", $"cd {Path.GetFileName(folder)} && {launch} ./daphne --distributed --verbose sums.daphne 2> notes"));
        string notes = File.ReadAllText(Path.Combine(folder, "notes"));
        Assert.Contains($" ranks, {Launcher.Library(make)}", notes, StringComparison.Ordinal);
        Assert.Contains("worker rank 1 on node2, version ", notes, StringComparison.Ordinal);
    }

    [Fact]
    public void Ranks_that_do_not_know_of_one_another_are_refused_once()
    {
        string said = RealCluster.On("login", $"cd {Path.GetFileName(folder)} && srun -N2 -n2 --mpi=none ./daphne --distributed sums.daphne 2>&1 || true");
        Assert.Contains("error DPH4067: srun started 2 ranks, but without MPI", said, StringComparison.Ordinal);
        Assert.Equal(said.IndexOf("DPH4067", StringComparison.Ordinal), said.LastIndexOf("DPH4067", StringComparison.Ordinal));
    }
}
