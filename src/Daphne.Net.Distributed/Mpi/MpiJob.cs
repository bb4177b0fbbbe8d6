using Daphne.Net.Dialect;
using Daphne.Net.Distributed.Mpi;
using Daphne.Net.Distributed.Mpi.Native;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Daphne.Net.Distributed;

/// <summary>
/// This process as one rank of a job that <c>mpirun</c> or <c>srun</c> started: rank 0 coordinates, the others serve. A process takes part in one job, once:
/// MPI does not start a second time.
/// </summary>
public sealed class MpiJob : IAsyncDisposable
{
    /// <summary>Bytes per message of a transfer, unless said otherwise.</summary>
    public const int DefaultChunkBytes = 4 << 20;

    static readonly TimeSpan endTime = TimeSpan.FromSeconds(10);
    static readonly CallBudget hello = new(TimeSpan.FromMinutes(2));

    readonly MpiLoop loop;
    readonly IMpiHandler role;

    MpiJob(MpiLoop loop, IMpiHandler role, MpiCommunicator world, string library)
    {
        (this.loop, this.role) = (loop, role);
        (Rank, Size, Library) = (world.Rank, world.Size, library);
    }

    /// <summary>The number of this process in the job, from 0.</summary>
    public int Rank { get; }

    /// <summary>How many processes the job has; one fewer of them are workers.</summary>
    public int Size { get; }

    /// <summary>What the MPI library calls itself.</summary>
    public string Library { get; }

    /// <summary>On rank 0: cancelled when the process that started it is gone, so that nobody is left who would end it. Never on others: they stop serving.</summary>
    public CancellationToken LauncherGone => (role as MpiCoordinator)?.LauncherGone ?? CancellationToken.None;

    /// <summary>Loads the MPI library of this machine and joins the job.</summary>
    /// <param name="launch">What the environment says; null where it says nothing.</param>
    /// <param name="log">For what a rank that serves has to say.</param>
    /// <exception cref="RaisedException">There is no library, it does not start, or it does not see the ranks that were started.</exception>
    public static MpiJob Join(MpiLaunch? launch, ILogger? log = null) => Join(launch, new WorkerServiceOptions { Run = FragmentExecution.Run, FileRoots = new([Path.GetPathRoot(Environment.CurrentDirectory)!]), Log = log ?? NullLogger.Instance });

    internal static MpiJob Join(MpiLaunch? launch, WorkerServiceOptions serving)
    {
        // The library would take every rank for a job of its own, or end the process.
        if (launch is { TellsMpi: false }) throw Diag.MpiNotTold.Raise(launch.Size);
        var library = MpiLibrary.Load(launch);
        // It would not return from MPI_Init: the library ends the process there.
        if (library.Abi.Make == MpiMake.OpenMpi && launch?.Make == MpiMake.Mpich) throw Diag.MpiWorldSize.Raise(launch.Size, library.Version, 1);
        MpiCommunicator? world = null;
        try
        {
            var loop = new MpiLoop(library, (loop, all) => (world = all).Rank == 0 ? new MpiCoordinator(loop, all) : new MpiWorker(loop, new(serving)));
            var role = loop.Start();
            if (world!.Size > 1) return new(loop, role, world, library.Version);
            loop.Leave();
        }
        catch (MpiException e)
        {
            throw Diag.MpiFailed.Raise(e.Function, e.Text);
        }
        throw launch is { Size: > 1 } ? Diag.MpiWorldSize.Raise(launch.Size, library.Version, world.Size) : Diag.MpiAlone.Raise();
    }

    /// <summary>The workers, greeted, in the order of their ranks. On rank 0.</summary>
    /// <param name="chunkBytes">Bytes per message of a transfer.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="WorkerException">A rank does not answer.</exception>
    public async Task<WorkerSet> WorkersAsync(int chunkBytes = DefaultChunkBytes, CancellationToken ct = default)
    {
        if (role is not MpiCoordinator coordinator) throw new InvalidOperationException($"rank {Rank} has no workers; rank 0 has");
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkBytes, 1);
        MpiWorkerClient[] clients = [.. Enumerable.Range(1, Size - 1).Select(rank => new MpiWorkerClient(coordinator, rank, chunkBytes))];
        await Task.WhenAll(clients.Select(c => c.HelloAsync(hello, ct).AsTask())).ConfigureAwait(false);
        return new(clients, options: new() { Together = true, Grace = TimeSpan.Zero, Along = MpiWorkerClient.StoreAlong });
    }

    /// <summary>Serves until rank 0 says goodbye, or is gone. On the other ranks.</summary>
    /// <returns>Why it ended.</returns>
    /// <exception cref="RaisedException">MPI failed, or rank 0 sent what cannot be understood.</exception>
    public async Task<WorkerStop> ServeAsync()
    {
        if (role is not MpiWorker worker) throw new InvalidOperationException("rank 0 does not serve");
        try
        {
            return await worker.Stopped.ConfigureAwait(false);
        }
        catch (MpiException e)
        {
            throw Diag.MpiFailed.Raise(e.Function, e.Text);
        }
    }

    /// <summary>
    /// Leaves the job: rank 0 says goodbye to the others first. MPI cannot end in order where ranks are lost: then nobody waits, and the launcher ends what
    /// is left when this process ends.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (role is MpiCoordinator coordinator)
        {
            if (coordinator.HasFailed) return;
            for (int rank = 1; rank < Size; rank++) coordinator.Tell(rank, MpiVerb.Goodbye);
        }
        loop.Leave();
        await ((Task)Task.WhenAny(loop.Ended, Task.Delay(endTime))).ConfigureAwait(false);
        (role as MpiWorker)?.Dispose();
    }
}
