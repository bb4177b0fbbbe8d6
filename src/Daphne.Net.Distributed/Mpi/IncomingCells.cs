using Daphne.Net.Distributed.Mpi.Native;

namespace Daphne.Net.Distributed.Mpi;

/// <summary>
/// Receives the cells of a value where they belong, or nowhere: what nobody wants (any more) still has to be taken off its lane.
/// </summary>
/// <param name="value">Where they belong.</param>
/// <param name="head">What the frame said.</param>
/// <param name="rank">Who sends.</param>
/// <param name="ended">Told once no more comes: true if all came, false if the sender stopped.</param>
/// <param name="next">Hands on what comes; null: nobody else gets it.</param>
sealed class IncomingCells(MpiIncomingValue value, MpiValueHead head, int rank, Action<bool> ended, ForwardedCells? next = null) : ILaneTransfer
{
    byte[]? scratch;
    Memory<byte> place;
    MpiRequest request;
    bool underWay, inPlace;
    long left = head.Rest;

    public MpiStep Step(MpiCommunicator world)
    {
        bool moved = false;
        while (left > 0)
        {
            if (underWay)
            {
                if (!world.IsReceived(ref request, out int bytes)) return moved ? MpiStep.Moved : MpiStep.Nothing;
                (underWay, moved) = (false, true);
                bool stopped = bytes == 0;
                left = stopped ? 0 : left - bytes;
                if (!stopped) Put(bytes);
                next?.Add(place[..bytes], inPlace ? null : scratch, left == 0);
                if (next is not null) scratch = null;   // it is the next rank's now
                if (!stopped) continue;
                ended(false);
                return MpiStep.Done;
            }
            if (!FindPlace((int)Math.Min(head.Chunk, left))) return moved ? MpiStep.Moved : MpiStep.Nothing;
            request = world.StartReceive(place.Span, rank, MpiFrame.FirstLaneTag + head.Lane);
            underWay = moved = true;
        }
        ended(true);
        return MpiStep.Done;
    }

    void Put(int bytes)
    {
        if (inPlace) value.Reader?.Advance(bytes);
        else if (value.Reader is not null) value.Feed(place.Span[..bytes]);
    }

    // A message may be shorter than its place, never longer: where the value has too little room at a stretch, it comes to us first.
    bool FindPlace(int length)
    {
        place = value.Reader is { } reader ? reader.Rest() : default;
        inPlace = place.Length >= length;
        if (!inPlace)
        {
            scratch ??= next is null ? GC.AllocateUninitializedArray<byte>(head.Chunk, pinned: true) : next.Rent(head.Chunk);
            if (scratch is null) return false;
            place = scratch;
        }
        place = place[..length];
        return true;
    }
}
