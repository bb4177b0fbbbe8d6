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
    /// <summary>It leaves soon: it ends what it runs and hands out what it holds, but gets nothing new.</summary>
    Draining,
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
/// <param name="Worker">Who makes it while all is well; -1 for whoever has least to do then, also one that joined late.</param>
/// <param name="Text">Operators and shapes, for errors.</param>
sealed record Piece(int Id, string? Fragment, ImmutableArray<int> Inputs, int Worker, string Text)
{
    /// <summary>Names the results of one pipeline, which are expected to take about equally long; -1 for what is no result. Set by the machine.</summary>
    public int Siblings { get; init; } = -1;
}

/// <summary>Something the run waits for: a piece made, or also brought here.</summary>
/// <param name="Worker">Who works on it; -1 for nobody yet.</param>
/// <param name="Collect">True to bring it here.</param>
/// <param name="Avoid">Who failed at it last; -1 for nobody.</param>
/// <param name="Twin">Who works on it too because the worker is slow; -1 for nobody.</param>
readonly record struct Goal(int Worker, bool Collect, int Avoid = -1, int Twin = -1);

enum CallKind { Send, Compute, Fetch }

/// <param name="Id">Never used twice; also the handle of what a send or compute leaves on the worker.</param>
/// <param name="Kind">What the worker was asked.</param>
/// <param name="Piece">What it is about.</param>
/// <param name="Worker">Who was asked.</param>
/// <param name="Due">When the run stops waiting for it, in <see cref="RunState.Elapsed"/>.</param>
/// <param name="Abandoned">The run no longer waits; an answer is still put away properly.</param>
sealed record Call(int Id, CallKind Kind, int Piece, int Worker, TimeSpan Due, bool Abandoned)
{
    /// <summary>Pieces whose copies on the worker it reads until it has answered, abandoned or not.</summary>
    public ImmutableArray<int> Reads { get; init; } = [];

    /// <summary>What it was given of these, or of the piece it fetches, in this order.</summary>
    public ImmutableArray<int> Handles { get; init; } = [];

    /// <summary>The copies it was given. Another copy of the same piece may be there by the time it answers.</summary>
    public IEnumerable<(int Piece, int Handle)> Given => Kind == CallKind.Fetch ? [(Piece, Handles[0])] : Reads.Zip(Handles);

    /// <summary>The pipeline whose result it computes; -1 for none.</summary>
    public int Siblings { get; init; } = -1;
}

/// <param name="CallTimeout">Longest time a call may take.</param>
/// <param name="Grace">How long a run waits without any worker.</param>
/// <param name="Attempts">Failures of calls about one piece, workers being up, after which the run fails.</param>
/// <param name="Deaths">Workers that may be lost with one piece's fragment running before the fragment is to blame.</param>
sealed record RecoveryLimits(TimeSpan CallTimeout, TimeSpan Grace, int Attempts = 8, int Deaths = 3)
{
    /// <summary>
    /// The most that one tick counts. A later one says that this process stood still, and nobody is to pay for that; tick more often. Default 2 s.
    /// </summary>
    public TimeSpan LongestTick { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A fragment that runs this many times longer than the median of its siblings gets a twin on an idle worker; 0 for never.</summary>
    public double SlowFactor { get; init; } = 3;

    /// <summary>
    /// No fragment is slow before this time, which is to be longer than <see cref="LongestTick"/> and a few ticks: time is no better known here. Default 5 s.
    /// </summary>
    public TimeSpan SlowAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Without a <see cref="RunEvent.Heard"/> for this long a worker is suspected; null (the default) when somebody else watches.</summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>Without a <see cref="RunEvent.Heard"/> for this long a worker is lost. Used with <see cref="Silence"/>, and longer. Default 60 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>All that decides what happens next in a distributed run. The tables are the truth; the index (<c>RunState.Index.cs</c>) follows from them.</summary>
sealed partial record RunState(RecoveryLimits Limits)
{
    /// <summary>What the last tick said.</summary>
    public TimeSpan Now { get; init; }

    /// <summary>What of that does not count: the time before the first tick, and pauses of this process.</summary>
    public TimeSpan Skipped { get; init; }

    public bool Ticking { get; init; }

    /// <summary>The time all others here are in. Only differences between ticks are in it, never a date.</summary>
    public TimeSpan Elapsed => Now - Skipped;

    /// <summary>Since when no worker is up; null while one is.</summary>
    public TimeSpan? AloneSince { get; init; } = TimeSpan.Zero;

    public bool Ended { get; init; }

    public int NextCall { get; init; } = 1;

    /// <summary>How often anything was asked again.</summary>
    public int Retries { get; init; }

    /// <summary>How many twins were started. No retries.</summary>
    public int Twins { get; init; }

    public ImmutableSortedDictionary<int, Member> Members { get; init; } = ImmutableSortedDictionary<int, Member>.Empty;

    /// <summary>Workers that leave, and when their running calls are given up; null for when they end by themselves.</summary>
    public ImmutableSortedDictionary<int, TimeSpan?> Leaving { get; init; } = ImmutableSortedDictionary<int, TimeSpan?>.Empty;

    /// <summary>Those that are alive, and those only their lineage needs.</summary>
    public ImmutableDictionary<int, Piece> Pieces { get; init; } = ImmutableDictionary<int, Piece>.Empty;

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

    /// <summary>How long the results of each pipeline took whose pieces are kept.</summary>
    public ImmutableSortedDictionary<int, Siblings> Pipelines { get; init; } = ImmutableSortedDictionary<int, Siblings>.Empty;

    /// <summary>Whether it gets work.</summary>
    public bool IsUp(int worker) => Members.TryGetValue(worker, out var m) && m.Status == MemberStatus.Up;

    /// <summary>Whether what it holds can be had.</summary>
    public bool Answers(int worker) => Members.TryGetValue(worker, out var m) && m.Status is MemberStatus.Up or MemberStatus.Draining;
}
