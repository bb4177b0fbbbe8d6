using Daphne.Net.Distributed.Mpi.Native;

namespace Daphne.Net.Distributed.Mpi;

/// <summary>How far a step has come.</summary>
enum MpiStep
{
    Nothing, Moved, Done,
}

/// <summary>The cells of one value under way.</summary>
interface ILaneTransfer
{
    /// <summary>Starts what can be started, looks what has ended; never waits.</summary>
    MpiStep Step(MpiCommunicator world);
}

/// <summary>
/// A few streams of messages between this rank and each other one, so that a large value does not hold up the next. On one lane values follow one another, at
/// both ends in the order in which their frames were sent: MPI keeps the order of messages with one tag, so which bytes belong to whom is never in doubt.
/// </summary>
sealed class Lanes
{
    public const int Count = 4;

    readonly Dictionary<(int Rank, int Lane), Queue<ILaneTransfer>> lanes = [];
    int next;

    /// <summary>Transfers that are not done.</summary>
    public int Waiting { get; private set; }

    /// <summary>The lane for the next value; they take turns.</summary>
    public int Next() => next = (next + 1) % Count;

    public void Add(int rank, int lane, ILaneTransfer transfer)
    {
        if (!lanes.TryGetValue((rank, lane), out var queue)) lanes.Add((rank, lane), queue = []);
        queue.Enqueue(transfer);
        Waiting++;
    }

    /// <summary>Moves the first of each lane on; true if anything happened.</summary>
    public bool Step(MpiCommunicator world)
    {
        if (Waiting == 0) return false;
        bool moved = false;
        foreach (var queue in lanes.Values)
            while (queue.TryPeek(out var first))
            {
                var step = first.Step(world);
                moved |= step != MpiStep.Nothing;
                if (step != MpiStep.Done) break;
                queue.Dequeue();
                Waiting--;
            }
        return moved;
    }
}
