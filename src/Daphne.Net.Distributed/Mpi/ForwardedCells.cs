using Daphne.Net.Distributed.Mpi.Native;

namespace Daphne.Net.Distributed.Mpi;

/// <summary>
/// Hands the cells of a value on to the next rank while more of them come, in messages of the same lengths. What was received lies still until it has gone on; an empty message, with which the
/// sender stops, goes on too.
/// </summary>
/// <param name="rank">Who gets them.</param>
/// <param name="lane">On which lane.</param>
/// <param name="ended">Told once everything has gone on.</param>
sealed class ForwardedCells(int rank, int lane, Action ended) : ILaneTransfer
{
    const int MostUnderWay = 2, MostBuffers = 3;

    readonly Queue<Message> come = [], going = [];
    readonly Stack<byte[]> buffers = [];
    int made;
    bool whole;

    /// <summary>Memory for a message that has no place of its own; null where all of it is still to go on.</summary>
    public byte[]? Rent(int length)
    {
        if (buffers.TryPop(out var buffer)) return buffer;
        if (made == MostBuffers) return null;
        made++;
        return GC.AllocateUninitializedArray<byte>(length, pinned: true);
    }

    /// <summary>A message has come.</summary>
    /// <param name="bytes">Where it lies.</param>
    /// <param name="rented">That memory, if it was rented.</param>
    /// <param name="last">No more come.</param>
    public void Add(ReadOnlyMemory<byte> bytes, byte[]? rented, bool last)
    {
        come.Enqueue(new(bytes, rented));
        whole = last;
    }

    public MpiStep Step(MpiCommunicator world)
    {
        bool moved = false;
        while (going.TryPeek(out var first) && world.IsSent(ref first.Request))
        {
            going.Dequeue();
            if (first.Rented is { } buffer) buffers.Push(buffer);
            moved = true;
        }
        while (going.Count < MostUnderWay && come.TryDequeue(out var next))
        {
            next.Request = world.StartSend(next.Bytes.Span, rank, MpiFrame.FirstLaneTag + lane);
            going.Enqueue(next);
            moved = true;
        }
        if (!whole || come.Count + going.Count > 0) return moved ? MpiStep.Moved : MpiStep.Nothing;
        ended();
        return MpiStep.Done;
    }

    sealed class Message(ReadOnlyMemory<byte> bytes, byte[]? rented)
    {
        public readonly ReadOnlyMemory<byte> Bytes = bytes;
        public readonly byte[]? Rented = rented;
        public MpiRequest Request;
    }
}
