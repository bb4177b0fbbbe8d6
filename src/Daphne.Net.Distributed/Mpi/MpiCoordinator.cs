using System.Collections.Concurrent;
using System.Globalization;
using Daphne.Net.Distributed.Mpi.Native;

namespace Daphne.Net.Distributed.Mpi;

/// <summary>Rank 0: the requests under way, and who of the workers is known to be gone.</summary>
sealed class MpiCoordinator(MpiLoop loop, MpiCommunicator world) : IMpiHandler
{
    const int TicksPerBeat = 5;

    readonly ConcurrentDictionary<long, MpiCall> calls = [];
    readonly Dictionary<int, LocalProcess> processes = [];
    Exception? failure;
    long numbers;
    int ticks;

    /// <summary>A rank is lost, or MPI itself: the job is at its end.</summary>
    public bool HasFailed => Volatile.Read(ref failure) is not null;

    /// <summary>It came to that just now.</summary>
    public event Action? HasEnded;

    /// <summary>Sends a request. The answer is the call's; who stops waiting for it must say so with <see cref="Abandon"/>.</summary>
    /// <param name="rank">Who is asked.</param>
    /// <param name="verb">For what.</param>
    /// <param name="body">What belongs to it; where a value goes along, its head comes behind that.</param>
    /// <param name="value">A value that goes along; its share is taken over.</param>
    /// <param name="chunk">Its bytes per message.</param>
    /// <exception cref="MpiException">MPI has failed.</exception>
    public MpiCall Ask(int rank, MpiVerb verb, Action<BinaryWriter>? body = null, MpiOutgoingValue? value = null, int chunk = 0)
    {
        var call = new MpiCall(Interlocked.Increment(ref numbers), rank, wantsValue: verb == MpiVerb.Transfer);
        calls.TryAdd(call.Number, call);
        if (value is null)
        {
            byte[] frame = MpiFrame.Write(verb, call.Number, body);
            loop.Post(() => loop.Send(rank, frame));
        }
        else loop.Post(() => call.Sending = loop.Send(rank, value, chunk, head => MpiFrame.Write(verb, call.Number, writer =>
        {
            body?.Invoke(writer);
            head.Write(writer);
        }), () => { }));
        if (Volatile.Read(ref failure) is { } e && calls.TryRemove(call.Number, out _)) call.Fail(e);
        return call;
    }

    /// <summary>Sends something that is not answered.</summary>
    public void Tell(int rank, MpiVerb verb, long request = 0, Action<BinaryWriter>? body = null)
    {
        byte[] frame = MpiFrame.Write(verb, request, body);
        loop.Post(() => loop.Send(rank, frame));
    }

    /// <summary>Nobody waits for the answer any more: the worker stops, and frees what the request made.</summary>
    public void Abandon(MpiCall call, string session) => loop.Post(() =>
    {
        call.Abandon();
        loop.Send(call.Rank, MpiFrame.Write(MpiVerb.Cancel, call.Number, writer => writer.Write(session)));
    });

    /// <summary>Watches a worker's process, if it is one of this machine.</summary>
    public void Watch(int rank, LocalProcess process) => loop.Post(() =>
    {
        if (process.Lives) processes[rank] = process;
    });

    public void Received(int rank, MpiFrame frame)
    {
        if (!calls.TryGetValue(frame.Request, out var call)) return;
        switch (frame.Verb)
        {
            case MpiVerb.Done or MpiVerb.Failed:
                calls.TryRemove(frame.Request, out _);
                call.Sending?.Stop();
                call.Answered(frame, loop, () => loop.Send(rank, MpiFrame.Write(MpiVerb.Hold, frame.Request)));
                break;
            case MpiVerb.Hold:
                call.Sending?.Stop();
                break;
        }
    }

    public void Tick()
    {
        if (++ticks % TicksPerBeat == 0)
            for (int rank = 1; rank < world.Size; rank++) loop.Send(rank, MpiFrame.Write(MpiVerb.Beat, 0));
        foreach (var (rank, process) in processes.ToArray())
        {
            if (process.Lives) continue;
            processes.Remove(rank);
            Failed(new WorkerRefusal(WorkerFailure.Unreachable, string.Create(CultureInfo.InvariantCulture, $"process {process.Id} of rank {rank} is gone")), call => call.Rank == rank);
        }
    }

    public void Failed(Exception e) => Failed(e, _ => true);

    // A job of MPI cannot go on without one of its ranks, so no new request is made either.
    void Failed(Exception e, Func<MpiCall, bool> whose)
    {
        bool first = Interlocked.CompareExchange(ref failure, e, null) is null;
        foreach (var call in calls.Values)
            if (whose(call) && calls.TryRemove(call.Number, out _)) call.Fail(e);
        if (first) HasEnded?.Invoke();
    }
}
