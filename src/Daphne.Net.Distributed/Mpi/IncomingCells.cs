using Daphne.Net.Data;
using Daphne.Net.Distributed.Mpi.Native;

namespace Daphne.Net.Distributed.Mpi;

/// <summary>
/// Receives the cells of a value where they belong, or nowhere: what nobody wants (any more) still has to be taken off its lane.
/// </summary>
/// <param name="reader">Has the value's header; null to throw its cells away.</param>
/// <param name="head">What the frame said.</param>
/// <param name="rank">Who sends.</param>
/// <param name="ended">Told once no more comes: true if all came, false if the sender stopped.</param>
sealed class IncomingCells(ValueReader? reader, MpiValueHead head, int rank, Action<bool> ended) : ILaneTransfer
{
    byte[]? nowhere;
    MpiRequest request;
    bool underWay;
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
                reader?.Advance(bytes);
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

    Span<byte> Place(int length) => reader is null ? (nowhere ??= GC.AllocateUninitializedArray<byte>(length, pinned: true)).AsSpan(0, length) : reader.Rest().Span[..length];
}
