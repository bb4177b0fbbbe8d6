namespace Daphne.Net.Dialect;

public static partial class Diag
{
    /// <summary>No library. Details: the names tried.</summary>
    public static readonly DiagnosticDef MpiLibraryMissing = new("DPH4060", Stage.Execute, "--dist_backend=MPI needs an MPI library, and none could be loaded: {0}",
        "install Open MPI or MPICH, or name the library in DAPHNE_MPI_LIBRARY; --dist_backend=sync-gRPC needs none");

    /// <summary>A library whose constants are not known. Details: its name, what is wrong.</summary>
    public static readonly DiagnosticDef MpiLibraryUnusable = new("DPH4061", Stage.Execute, "the MPI library {0} cannot be used: {1}",
        "name another in DAPHNE_MPI_LIBRARY, or use --dist_backend=sync-gRPC");

    /// <summary>Launcher and library do not understand each other. Details: ranks started, library, ranks it sees.</summary>
    public static readonly DiagnosticDef MpiWorldSize = new("DPH4062", Stage.Execute, "{0} ranks were started, but the MPI library ({1}) sees {2}",
        "launcher and library must be of one make: mpirun.openmpi or srun --mpi=pmix for Open MPI, mpirun.mpich or srun --mpi=pmi2 for MPICH; --dist_backend=sync-gRPC needs neither");

    /// <summary>Nobody to work for.</summary>
    public static readonly DiagnosticDef MpiAlone = new("DPH4063", Stage.Execute, "--dist_backend=MPI needs two ranks or more: the first coordinates, the others compute",
        "start it with 'mpirun -np 3 daphne --distributed …' for two workers, or use --dist_backend=sync-gRPC with workers in DISTRIBUTED_WORKERS");

    /// <summary>A function of MPI failed. Details: which, what it says.</summary>
    public static readonly DiagnosticDef MpiFailed = new("DPH4064", Stage.Execute, "MPI failed in {0}: {1}", "the job cannot go on; --dist_backend=sync-gRPC works without MPI");

    /// <summary>A rank is gone. Details: who, what is known.</summary>
    public static readonly DiagnosticDef MpiRankLost = new("DPH4065", Stage.Execute, "{0} is lost: {1}",
        "an MPI job ends as a whole with any of its ranks, and the launcher says with which signal; workers over --dist_backend=sync-gRPC end one by one");

    /// <summary>A rank that serves lost the others. Details: rank, why.</summary>
    public static readonly DiagnosticDef MpiServingEnded = new("DPH4066", Stage.Execute, "rank {0} stops serving: {1}");

    /// <summary>Ranks that do not know of one another. Details: how many.</summary>
    public static readonly DiagnosticDef MpiNotTold = new("DPH4067", Stage.Execute, "srun started {0} ranks, but without MPI",
        "srun --mpi=pmix for Open MPI, srun --mpi=pmi2 for MPICH (srun --mpi=list says what there is); or --dist_backend=sync-gRPC with workers in DISTRIBUTED_WORKERS");

    /// <summary>A message between ranks that cannot be understood. Details: who sent it, what is wrong.</summary>
    public static readonly DiagnosticDef MpiMalformed = new("DPH4068", Stage.Execute, "rank {0} sent a message that is none of ours: {1}",
        "all ranks of a job must run the same build of this program");
}
