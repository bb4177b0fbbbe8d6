using System.Collections.Immutable;

namespace Daphne.Net.Distributed.Recovery;

/// <summary>
/// The life of a distributed run as a function: no sockets, clocks or threads. What is lost is made again on a worker that is up, from the host or
/// along its lineage, and only once somebody needs it.
/// </summary>
static class RunMachine
{
    /// <summary>The state after an event, and what is to be done about it.</summary>
    public static (RunState State, ImmutableArray<RunEffect> Effects) Next(RunState state, RunEvent happened)
    {
        var turn = new RunTurn(state);
        turn.Take(happened);
        if (!turn.State.Ended) new Scheduling(turn).Run();
        return (turn.State, [.. turn.Effects]);
    }
}
