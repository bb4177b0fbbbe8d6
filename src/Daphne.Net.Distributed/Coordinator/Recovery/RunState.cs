using System.Collections.Immutable;

namespace Daphne.Net.Distributed.Recovery;

/// <summary>What the coordinator believes of a worker.</summary>
enum MemberStatus
{
    /// <summary>It gets work.</summary>
    Up,
    /// <summary>It is quiet: its work moves, what it holds is not given up.</summary>
    Suspected,
    /// <summary>What it held is gone. Only a newer generation comes back.</summary>
    Lost,
}

/// <param name="Generation">Grows each time the worker starts anew with nothing.</param>
/// <param name="Status">Whether it gets work.</param>
readonly record struct Member(int Generation, MemberStatus Status);

/// <summary>
/// A row range of a value, and its lineage: without a fragment the host has it and sends it, else it is the fragment's result over other pieces.
/// The ranges are those of the split plan: who makes a piece may change, what is in it never does.
/// </summary>
/// <param name="Id">Greater than the ids of its inputs.</param>
/// <param name="Fragment">IR text; null for data of the host.</param>
/// <param name="Inputs">Pieces the fragment reads, all on the worker that runs it.</param>
/// <param name="Worker">Who makes it while all is well.</param>
/// <param name="Text">Operators and shapes, for errors.</param>
sealed record Piece(int Id, string? Fragment, ImmutableArray<int> Inputs, int Worker, string Text);

/// <summary>Something the run waits for: a piece made, or also brought here.</summary>
/// <param name="Worker">Who works on it; -1 for nobody yet.</param>
/// <param name="Collect">True to bring it here.</param>
/// <param name="Avoid">Who failed at it last; -1 for nobody.</param>
readonly record struct Goal(int Worker, bool Collect, int Avoid = -1);

enum CallKind { Send, Compute, Fetch }

/// <param name="Id">Never used twice; also the handle of what a send or compute leaves on the worker.</param>
/// <param name="Kind">What the worker was asked.</param>
/// <param name="Piece">What it is about.</param>
/// <param name="Worker">Who was asked.</param>
/// <param name="Due">When the run stops waiting for it.</param>
/// <param name="Abandoned">The run no longer waits; an answer is still put away properly.</param>
sealed record Call(int Id, CallKind Kind, int Piece, int Worker, TimeSpan Due, bool Abandoned);

/// <param name="CallTimeout">Longest time a call may take.</param>
/// <param name="Grace">How long a run waits without any worker.</param>
/// <param name="Attempts">Failures of calls about one piece, workers being up, after which the run fails.</param>
/// <param name="Deaths">Workers that may be lost with one piece's fragment running before the fragment is to blame.</param>
sealed record RecoveryLimits(TimeSpan CallTimeout, TimeSpan Grace, int Attempts = 8, int Deaths = 3);

/// <summary>All that decides what happens next in a distributed run.</summary>
sealed record RunState(RecoveryLimits Limits)
{
    public TimeSpan Now { get; init; }

    /// <summary>Since when no worker is up; null while one is.</summary>
    public TimeSpan? AloneSince { get; init; } = TimeSpan.Zero;

    public bool Ended { get; init; }

    public int NextCall { get; init; } = 1;

    /// <summary>How often anything was asked again.</summary>
    public int Retries { get; init; }

    public ImmutableSortedDictionary<int, Member> Members { get; init; } = ImmutableSortedDictionary<int, Member>.Empty;

    /// <summary>Those that are alive, and those only their lineage needs.</summary>
    public ImmutableSortedDictionary<int, Piece> Pieces { get; init; } = ImmutableSortedDictionary<int, Piece>.Empty;

    /// <summary>Pieces somebody may still ask for.</summary>
    public ImmutableHashSet<int> Live { get; init; } = [];

    public ImmutableSortedDictionary<int, Goal> Goals { get; init; } = ImmutableSortedDictionary<int, Goal>.Empty;

    public ImmutableSortedDictionary<int, Call> Calls { get; init; } = ImmutableSortedDictionary<int, Call>.Empty;

    /// <summary>What lies where, by the call that made it.</summary>
    public ImmutableDictionary<(int Piece, int Worker), int> Copies { get; init; } = ImmutableDictionary<(int, int), int>.Empty;

    /// <summary>Failures of calls about a piece that is a goal's or a goal's lineage.</summary>
    public ImmutableDictionary<int, int> Attempts { get; init; } = ImmutableDictionary<int, int>.Empty;

    /// <summary>Workers lost while they ran a piece's fragment.</summary>
    public ImmutableDictionary<int, int> Deaths { get; init; } = ImmutableDictionary<int, int>.Empty;

    public bool IsUp(int worker) => Members.TryGetValue(worker, out var m) && m.Status == MemberStatus.Up;
}
