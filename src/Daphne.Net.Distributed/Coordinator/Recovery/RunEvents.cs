using System.Collections.Immutable;

namespace Daphne.Net.Distributed.Recovery;

/// <summary>Something that happened to a run.</summary>
abstract record RunEvent
{
    /// <summary>A worker is there, with nothing of ours on it. Refused unless its generation is new.</summary>
    public sealed record Joined(int Worker, int Generation) : RunEvent;

    /// <summary>A worker does not answer pings.</summary>
    public sealed record Suspected(int Worker, int Generation) : RunEvent;

    /// <summary>A suspected worker answers again, and kept what it held.</summary>
    public sealed record Back(int Worker, int Generation) : RunEvent;

    /// <summary>A worker gave a sign of life. Needed only with <see cref="RecoveryLimits.Silence"/>.</summary>
    public sealed record Heard(int Worker, int Generation) : RunEvent;

    /// <summary>A worker leaves soon: its walltime ends, or it is taken away.</summary>
    /// <param name="Worker">Who.</param>
    /// <param name="Generation">That it must have.</param>
    /// <param name="Grace">After this its running calls are given up and their work moves; null to wait for them.</param>
    public sealed record Draining(int Worker, int Generation, TimeSpan? Grace = null) : RunEvent;

    /// <summary>A worker is gone, or its lease is over.</summary>
    public sealed record Lost(int Worker, int Generation) : RunEvent;

    /// <summary>A pipeline begins: its inputs' and results' pieces; the results are to be made.</summary>
    public sealed record Began(ImmutableArray<Piece> Pieces, ImmutableArray<int> Results) : RunEvent;

    /// <summary>Somebody here needs the cells of pieces that are alive.</summary>
    public sealed record Needed(ImmutableArray<int> Pieces) : RunEvent;

    /// <summary>Nobody will ask for these pieces again.</summary>
    public sealed record Dropped(ImmutableArray<int> Pieces) : RunEvent;

    /// <summary>The host has the cells of these pieces now and sends them where they are needed: nobody needs their lineage.</summary>
    public sealed record Kept(ImmutableArray<int> Pieces) : RunEvent;

    public sealed record Done(int Call) : RunEvent;

    public sealed record Failed(int Call, CallFailureKind Kind, string Text) : RunEvent;

    /// <summary>Time goes on, from any origin. Comes more often than <see cref="RecoveryLimits.LongestTick"/>.</summary>
    public sealed record Ticked(TimeSpan Now) : RunEvent;

    /// <summary>The session is over.</summary>
    public sealed record Ended : RunEvent;
}

enum CallFailureKind
{
    /// <summary>The connection or the worker; another attempt may do.</summary>
    Transient,
    /// <summary>The worker does not know an input any more.</summary>
    Forgotten,
    /// <summary>An operation of the fragment failed: so it will anywhere.</summary>
    Work,
}

/// <summary>Something to do, in this order. Answers come back as events.</summary>
abstract record RunEffect
{
    public sealed record Send(int Call, int Piece, int Worker, int Generation) : RunEffect;

    /// <param name="Call">Names the result.</param>
    /// <param name="Piece">What it makes.</param>
    /// <param name="Worker">Who computes.</param>
    /// <param name="Generation">That it must have.</param>
    /// <param name="Inputs">Handles on that worker, in the order of the piece's inputs.</param>
    public sealed record Compute(int Call, int Piece, int Worker, int Generation, ImmutableArray<int> Inputs) : RunEffect;

    public sealed record Fetch(int Call, int Piece, int Worker, int Generation, int Handle) : RunEffect;

    public sealed record Free(int Handle, int Worker, int Generation) : RunEffect;

    /// <summary>Nobody waits for this call any more.</summary>
    public sealed record Cancel(int Call) : RunEffect;

    /// <summary>A result is made.</summary>
    public sealed record Made(int Piece) : RunEffect;

    /// <summary>What this fetch brought is the piece's contribution. Once per need.</summary>
    public sealed record Deliver(int Piece, int Call) : RunEffect;

    /// <summary>The goals of the moment are given up; the workers and what they hold stay usable.</summary>
    public sealed record Fail(RunFailure Reason, int Piece, string Text) : RunEffect;

    /// <summary>The worker drops all it holds for this session and refuses what is under way.</summary>
    public sealed record Close(int Worker, int Generation) : RunEffect;
}

enum RunFailure { NoWorkers, Poison, Attempts, Work }
