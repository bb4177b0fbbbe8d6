using System.Globalization;
using Daphne.Net.Distributed.Mpi.Native;

namespace Daphne.Net.Distributed;

/// <summary>What the environment says of the launcher that started this process as one of several: <c>mpirun</c> or <c>srun</c>.</summary>
public sealed class MpiLaunch
{
    MpiLaunch(int rank, int size, MpiMake? make) => (Rank, Size, Make) = (rank, size, make);

    /// <summary>The number of this process, from 0.</summary>
    public int Rank { get; }

    /// <summary>How many processes were started together.</summary>
    public int Size { get; }

    /// <summary>False where <c>srun</c> started the ranks without telling MPI of one another, as it does with <c>--mpi=none</c>.</summary>
    public bool TellsMpi => Make is not null;

    /// <summary>Whose library understands this launcher; null where the variables do not tell.</summary>
    internal MpiMake? Make { get; }

    /// <summary>Null for a process that was not started as one of several.</summary>
    public static MpiLaunch? Detect() => Detect(Environment.GetEnvironmentVariable);

    internal static MpiLaunch? Detect(Func<string, string?> variable)
    {
        // Slurm sets SLURM_PROCID and SLURM_NTASKS in batch scripts too, where there is one process; a step's number of tasks only where srun started them.
        (int Rank, int Size)? slurm = Of("SLURM_PROCID", "SLURM_STEP_NUM_TASKS"), openMpi = Of("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), pmi = Of("PMI_RANK", "PMI_SIZE");
        bool pmix = variable("PMIX_RANK") is not null, pmi2 = variable("PMI_FD") is not null;
        return openMpi is { } o ? new(o.Rank, o.Size, MpiMake.OpenMpi)
            : pmi is { } p ? new(p.Rank, p.Size, MpiMake.Mpich)
            : slurm is { Size: > 1 } s ? new(s.Rank, s.Size, pmix ? MpiMake.OpenMpi : pmi2 ? MpiMake.Mpich : null)
            : null;

        (int, int)? Of(string rank, string size) =>
            int.TryParse(variable(rank), NumberStyles.None, CultureInfo.InvariantCulture, out int r) && int.TryParse(variable(size), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? (r, n) : null;
    }
}
