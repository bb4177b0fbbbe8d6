using Daphne.Net.Data;

namespace Daphne.Net.Distributed;

/// <summary>One worker as the coordinator sees it. It knows nothing of plans, partitions or retries; every call ends by its deadline.</summary>
public interface IWorkerClient : IAsyncDisposable
{
    /// <summary>Who it is: its address and, once <see cref="HelloAsync"/> was answered, what it said of itself.</summary>
    WorkerIdentity Identity { get; }

    /// <summary>
    /// <see cref="Health"/> has changed: noticed by calls and, between them, by the client itself. Handlers are called one after the other, in order, on any thread; they must not
    /// wait or throw. <see cref="Generation"/> has grown when <see cref="WorkerHealth.Answering"/> follows <see cref="WorkerHealth.SessionLost"/> or <see cref="WorkerHealth.Gone"/>. Clients that watch nothing never raise it.
    /// </summary>
    event Action<WorkerHealth>? HealthChanged
    {
        add { }
        remove { }
    }

    /// <summary>
    /// Of the session on the worker, from 1: grows when a new one was opened after the old one was lost. Nothing placed in an earlier one is there any more, and calls with its handles
    /// end with <see cref="WorkerFailure.SessionLost"/>. It never shrinks.
    /// </summary>
    int Generation => 1;

    /// <summary>What the client believes of its worker at this moment.</summary>
    WorkerHealth Health => WorkerHealth.Answering;

    /// <summary>Calls that were made again, on a new connection, because the network cut them. 0 where nothing goes wrong.</summary>
    long Retries => 0;

    /// <summary>Greets the worker and learns what it can do. A worker of the original answers UNIMPLEMENTED and is marked foreign.</summary>
    /// <exception cref="WorkerException">It does not answer, or refuses.</exception>
    ValueTask<WorkerIdentity> HelloAsync(CallBudget budget, CancellationToken ct);

    /// <summary>Places a value on the worker; the caller may release it once the call has ended.</summary>
    /// <exception cref="WorkerException">The worker is gone, late or refuses.</exception>
    ValueTask<Handle> StoreAsync(Datum value, CallBudget budget, CancellationToken ct);

    /// <summary>Runs a fragment on values that lie on the worker; the results stay there. Cancelling <paramref name="ct"/> stops the work on the worker too.</summary>
    /// <exception cref="WorkerException">The worker is gone, late, refuses, or an operation of the fragment failed.</exception>
    ValueTask<IReadOnlyList<Handle>> ComputeAsync(Fragment fragment, IReadOnlyList<Handle> inputs, CallBudget budget, CancellationToken ct);

    /// <summary>Most bytes of a value that goes to the worker or comes from it with a computation; 0 (the default): none does.</summary>
    int Carries => 0;

    /// <summary>Runs a fragment on values that lie on the worker or, where it carries them, go there with the call; neither these nor the results that come with the answer are kept there.</summary>
    /// <param name="fragment">What is run.</param>
    /// <param name="inputs">In the order of its arguments; carried ones of at most <see cref="Carries"/> bytes.</param>
    /// <param name="bring">The numbers, from 0, of results that come with the answer where they have at most <see cref="Carries"/> bytes. The worker may keep them all the same.</param>
    /// <param name="budget">How long it may take.</param>
    /// <param name="ct">Stops the work on the worker too.</param>
    /// <returns>The results in order.</returns>
    /// <exception cref="WorkerException">As the other.</exception>
    /// <exception cref="NotSupportedException">A value is to be carried, and nothing is by this client.</exception>
    async ValueTask<IReadOnlyList<CallValue>> ComputeAsync(Fragment fragment, IReadOnlyList<CallValue> inputs, IReadOnlyCollection<int> bring, CallBudget budget, CancellationToken ct)
    {
        if (inputs.Any(i => i.IsCarried)) throw new NotSupportedException("values do not go with calls here");
        return [.. (await ComputeAsync(fragment, [.. inputs.Select(i => i.Handle)], budget, ct).ConfigureAwait(false)).Select(made => new CallValue(made))];
    }

    /// <summary>Fetches a value; the caller owns it.</summary>
    /// <exception cref="WorkerException">The worker is gone, late, or has no such value.</exception>
    ValueTask<Datum> TransferAsync(Handle handle, CallBudget budget, CancellationToken ct);

    /// <summary>Frees values on the worker; handles it does not know (any more) are ignored.</summary>
    ValueTask FreeAsync(IReadOnlyList<Handle> handles, CallBudget budget, CancellationToken ct);

    /// <summary>True once a worker was greeted that reads files itself where it shares them with us, and we want that.</summary>
    bool ReadsFiles => false;

    /// <summary>Looks for rows in part of a CSV file that the worker shares with us: the answer has a stretch for each so many bytes of the part, the last one maybe shorter.</summary>
    /// <exception cref="WorkerException">The worker is gone or late; it may not read the file, or finds another one there.</exception>
    ValueTask<IReadOnlyList<CsvStretch>> ScanAsync(SharedFile file, long offset, long length, long stretch, CallBudget budget, CancellationToken ct) => throw NoFiles;

    /// <summary>Lets the worker read rows of a file that it shares with us; they lie there like a stored value.</summary>
    /// <exception cref="WorkerException">The worker is gone or late; it may not read the file, finds another one there, or something wrong in it.</exception>
    ValueTask<Handle> ReadAsync(FileRange range, CallBudget budget, CancellationToken ct) => throw NoFiles;

    private WorkerException NoFiles => new(Identity, WorkerFailure.FileDenied, "it reads no files");

    /// <summary>True if the worker is another process, so that asking it to compute takes next to no time of the caller's.</summary>
    bool AnswersFromAfar => false;

    /// <summary>True once a worker was greeted that hands values on to others of its cluster and takes them from these.</summary>
    bool HandsOn => false;

    /// <summary>Makes the worker ready to hand a value on, once, within half a minute.</summary>
    /// <exception cref="WorkerException">The worker is gone or late, or has no such value.</exception>
    ValueTask<PeerOffer> OfferAsync(Handle handle, CallBudget budget, CancellationToken ct) => throw NoPeers;

    /// <summary>Lets the worker fetch a value from another one of its cluster, which offered it.</summary>
    /// <exception cref="WorkerException">The worker is gone or late, or refuses; <see cref="WorkerFailure.PeerUnreachable"/>: the other one is.</exception>
    ValueTask<Handle> PullAsync(PeerOffer offer, CallBudget budget, CancellationToken ct) => throw NoPeers;

    private WorkerException NoPeers => new(Identity, WorkerFailure.PeerUnreachable, "it does not talk to other workers");

    /// <summary>Asks whether the worker is there, and how many bytes it holds.</summary>
    ValueTask<WorkerStats> StatsAsync(CallBudget budget, CancellationToken ct);
}

/// <summary>Who a worker is.</summary>
/// <param name="Address">Where it is reached, <c>host:port</c>, or a name such as <c>in-process 1</c>.</param>
/// <param name="Version">Its product version; null before it was greeted and for foreign workers.</param>
/// <param name="ProcessId">Its process id on its host; 0 where not known.</param>
/// <param name="Foreign">True for a worker of the original: plain protocol only.</param>
public sealed record WorkerIdentity(string Address, string? Version = null, int ProcessId = 0, bool Foreign = false);

/// <summary>A value on a worker. Opaque: never a path, never made by anybody but the worker.</summary>
/// <param name="Id">What the worker calls it.</param>
/// <param name="Rows">Its number of rows.</param>
/// <param name="Cols">Its number of columns.</param>
/// <param name="Generation">In which <see cref="IWorkerClient.Generation"/> of its client it was made.</param>
public readonly record struct Handle(string Id, long Rows, long Cols, int Generation = 1);

/// <summary>What a worker is asked to run: the text of one <c>func.func @dist</c>.</summary>
/// <param name="Text">IR text.</param>
/// <param name="ResultCount">How many results it has.</param>
public sealed record Fragment(string Text, int ResultCount)
{
    /// <summary>How to compute it. Null (the default): as the worker likes. Foreign workers are not told.</summary>
    public FragmentOptions? Options { get; init; }
}

/// <summary>How long a call may take before it ends with <see cref="WorkerFailure.TimedOut"/>.</summary>
public readonly record struct CallBudget(TimeSpan Timeout)
{
    /// <summary>For calls that only ask: 10 seconds.</summary>
    public static CallBudget Control => new(TimeSpan.FromSeconds(10));

    /// <summary>For calls that move a value: 30 seconds and a second per 4 MB.</summary>
    public static CallBudget Data(long bytes) => new(TimeSpan.FromSeconds(30 + bytes / 4_000_000.0));

    /// <summary>For calls that compute, unless the user says otherwise: 1 hour.</summary>
    public static CallBudget Compute => new(TimeSpan.FromHours(1));

    /// <summary>What is left of it, for a call that began at a <see cref="System.Diagnostics.Stopwatch"/> timestamp.</summary>
    internal CallBudget After(long began) => new(Timeout - System.Diagnostics.Stopwatch.GetElapsedTime(began));

    /// <summary>Within what timers take.</summary>
    internal TimeSpan ForTimers => Timeout < TimeSpan.Zero ? TimeSpan.Zero : Timeout > longest ? longest : Timeout;

    static readonly TimeSpan longest = TimeSpan.FromDays(40);
}

/// <summary>What a worker holds.</summary>
/// <param name="LiveBytes">Bytes in stored values.</param>
/// <param name="Values">Number of stored values.</param>
public readonly record struct WorkerStats(long LiveBytes, long Values);

/// <summary>Why a call to a worker failed.</summary>
public enum WorkerFailure
{
    /// <summary>Nobody answers at its address, or the connection broke.</summary>
    Unreachable,
    /// <summary>It did not answer in time.</summary>
    TimedOut,
    /// <summary>It does not accept our token or certificate, or we do not accept its.</summary>
    Unauthenticated,
    /// <summary>It has no such value (any more).</summary>
    UnknownHandle,
    /// <summary>It does not understand the request: a fragment that does not parse, a malformed value.</summary>
    BadRequest,
    /// <summary>The request, or what it needs, is too large.</summary>
    TooLarge,
    /// <summary>An operation of the fragment failed.</summary>
    ComputeFailed,
    /// <summary>The work was cancelled from elsewhere, or its session was closed.</summary>
    Cancelled,
    /// <summary>It failed inside.</summary>
    Internal,
    /// <summary>The session the call belongs to has ended, and what was placed in it is gone. Calls with newer handles, or none, go on in a new generation.</summary>
    SessionLost,
    /// <summary>It has too much to do or to hold at this moment; the same call may succeed later, or elsewhere.</summary>
    Busy,
    /// <summary>Its cluster has a newer coordinator; it will never do again what this one says.</summary>
    Superseded,
    /// <summary>It may not read that file, whether there is one or not.</summary>
    FileDenied,
    /// <summary>It finds another file there than we do, or none, or something wrong in it.</summary>
    FileUnlike,
    /// <summary>It cannot fetch a value from another worker; that one may be gone, or is out of its reach.</summary>
    PeerUnreachable,
}

/// <summary>A call to a worker failed. The message names the worker.</summary>
public sealed class WorkerException : Exception
{
    /// <summary>Says which worker failed, why, and in its own words.</summary>
    public WorkerException(WorkerIdentity worker, WorkerFailure reason, string detail, Exception? inner = null)
        : base($"worker {worker.Address}: {detail}", inner) => (Worker, Reason, Detail) = (worker, reason, detail);

    /// <summary>Which worker.</summary>
    public WorkerIdentity Worker { get; }

    /// <summary>Why, to branch on.</summary>
    public WorkerFailure Reason { get; }

    /// <summary>In words, without the worker's name.</summary>
    public string Detail { get; }
}
