using Daphne.Net.Distributed.Mpi.Native;

namespace Daphne.Net.Distributed.Mpi;

/// <summary>
/// Sends the cells of a value in chunks, two at a time so that the wire does not wait for us. Values of any length go: a chunk has 31 bits, their number has 63.
/// Stopping it in the middle sends an empty message, after which the receiver expects no more. The value is released once MPI has let go of it.
/// </summary>
sealed class OutgoingCells(MpiOutgoingValue value, int rank, int lane, int chunk, Action ended) : ILaneTransfer
{
    readonly MpiRequest[] requests = new MpiRequest[2];
    long at;
    int first, underWay;
    bool stopped;

    /// <summary>Send no more. On the MPI thread, as everything here.</summary>
    public void Stop() => stopped = true;

    public MpiStep Step(MpiCommunicator world)
    {
        bool moved = false;
        while (underWay > 0 && world.IsSent(ref requests[first]))
        {
            first = (first + 1) % requests.Length;
            underWay--;
            moved = true;
        }
        while (at < value.Rest && underWay < requests.Length)
        {
            var next = stopped ? default : value.Next(at, chunk);
            requests[(first + underWay++) % requests.Length] = world.StartSend(next, rank, MpiFrame.FirstLaneTag + lane);
            at = stopped ? value.Rest : at + next.Length;
            moved = true;
        }
        if (underWay > 0 || at < value.Rest) return moved ? MpiStep.Moved : MpiStep.Nothing;
        value.Dispose();
        ended();
        return MpiStep.Done;
    }
}
