using Daphne.Net.Distributed.Mpi.Native;

namespace Daphne.Net.Distributed.Mpi;

/// <summary>
/// Receives the cells of a value where they belong, or nowhere: what nobody wants (any more) still has to be taken off its lane.
/// </summary>
/// <param name="value">Where they belong.</param>
/// <param name="head">What the frame said.</param>
/// <param name="rank">Who sends.</param>
/// <param name="ended">Told once no more comes: true if all came, false if the sender stopped.</param>
sealed class IncomingCells(MpiIncomingValue value, MpiValueHead head, int rank, Action<bool> ended) : ILaneTransfer
{
    byte[]? scratch;
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
                underWay = false;
                if (bytes == 0)
                {
                    ended(false);
                    return MpiStep.Done;
                }
                if (inPlace) value.Reader?.Advance(bytes);
                else if (value.Reader is not null) value.Feed(scratch.AsSpan(0, bytes));
                left -= bytes;
            }
            else
            {
                request = world.StartReceive(Place((int)Math.Min(head.Chunk, left)), rank, MpiFrame.FirstLaneTag + head.Lane);
                underWay = true;
            }
            moved = true;
        }
        ended(true);
        return MpiStep.Done;
    }

    // A message may be shorter than its place, never longer: where the value has too little room at a stretch, it comes to us first.
    Span<byte> Place(int length)
    {
        var place = value.Reader is { } reader ? reader.Rest().Span : default;
        inPlace = place.Length >= length;
        return inPlace ? place[..length] : (scratch ??= GC.AllocateUninitializedArray<byte>(head.Chunk, pinned: true)).AsSpan(0, length);
    }
}
