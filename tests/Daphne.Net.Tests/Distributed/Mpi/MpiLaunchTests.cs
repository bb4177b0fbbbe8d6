using Daphne.Net.Distributed;
using Daphne.Net.Distributed.Mpi.Native;

namespace Daphne.Net.Tests.Distributed.Mpi;

/// <summary>The variables that launchers set, as recorded from them.</summary>
public sealed class MpiLaunchTests
{
    [Theory]
    [InlineData("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=3 PMIX_RANK=1", "1/3 OpenMpi")]                                             // mpirun.openmpi
    [InlineData("PMI_RANK=0 PMI_SIZE=2 PMI_FD=6 MPI_LOCALRANKID=0", "0/2 Mpich")]                                                       // mpirun.mpich
    [InlineData("SLURM_PROCID=2 SLURM_STEP_NUM_TASKS=4 SLURM_NTASKS=4 PMIX_RANK=2", "2/4 OpenMpi")]                                     // srun --mpi=pmix
    [InlineData("SLURM_PROCID=2 SLURM_STEP_NUM_TASKS=4 PMI_FD=11", "2/4 Mpich")]                                                        // srun --mpi=pmi2
    [InlineData("SLURM_PROCID=3 SLURM_STEP_NUM_TASKS=4", "3/4 ")]                                                                       // srun --mpi=none
    [InlineData("SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=1", null)]                                                                         // srun -n 1
    [InlineData("SLURM_PROCID=0 SLURM_NTASKS=4", null)]                                                                                 // a batch script
    [InlineData("OMPI_COMM_WORLD_RANK=x OMPI_COMM_WORLD_SIZE=3", null)]
    [InlineData("", null)]
    public void Rank_size_and_make_are_told_by_the_environment(string variables, string? expected)
    {
        var environment = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        var launch = MpiLaunch.Detect(environment.GetValueOrDefault);
        Assert.Equal(expected, launch is null ? null : $"{launch.Rank}/{launch.Size} {launch.Make}");
    }

    [Theory]
    [InlineData("Open MPI v4.1.4, package: Debian OpenMPI", "OpenMpi")]
    [InlineData("MPICH Version:\t4.0.2", "Mpich")]
    [InlineData("Intel(R) MPI Library 2021.8 for Linux* OS", "Mpich")]
    [InlineData("CRAY MPICH version 8.1.17", "Mpich")]
    [InlineData("Some Other MPI 1.0", "")]
    public void The_make_of_a_library_is_what_it_calls_itself(string version, string make) => Assert.Equal(make, MpiAbi.MakeOf(version).ToString());
}
