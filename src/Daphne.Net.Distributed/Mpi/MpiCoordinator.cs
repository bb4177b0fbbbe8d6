using System.Collections.Concurrent;
using System.Globalization;
using Daphne.Net.Distributed.Mpi.Native;

namespace Daphne.Net.Distributed.Mpi;

/// <summary>Rank 0: the requests under way, and who of the workers is known to be gone.</summary>
sealed class MpiCoordinator(MpiLoop loop, MpiCommunicator world) : IMpiHandler
{
    const int TicksPerBeat = 5;
    // In ticks: a pause of this process, or of its machine, is no silence of the others.
    const int MostSilentTicks = 60;

    readonly ConcurrentDictionary<long, MpiCall> calls = [];
    readonly Dictionary<int, LocalProcess> processes = [];
    // Ticks since a rank was heard; those not heard yet may still be starting.
    readonly Dictionary<int, int> silentFor = [];
    readonly int parent = LocalProcess.Parent;
    readonly CancellationTokenSource launcherGone = new();
    Exception? failure;
    long numbers;
    int ticks;

    /// <summary>A rank is lost, or MPI itself: the job is at its end.</summary>
    public bool HasFailed => Volatile.Read(ref failure) is not null;

    /// <summary>Cancelled when the process that started this one is gone: nobody else would end it then.</summary>
    public CancellationToken LauncherGone => launcherGone.Token;

    /// <summary>It came to that just now.</summary>
    public event Action? HasEnded;

    /// <summary>Sends a request. The answer is the call's; who stops waiting for it must say so with <see cref="Abandon"/>.</summary>
    /// <param name="rank">Who is asked.</param>
    /// <param name="verb">For what.</param>
    /// <param name="body">What belongs to it.</param>
    /// <exception cref="MpiException">MPI has failed.</exception>
    public MpiCall Ask(int rank, MpiVerb verb, Action<BinaryWriter>? body = null)
    {
        var call = Begin(rank, wantsValue: verb == MpiVerb.Transfer);
        byte[] frame = MpiFrame.Write(verb, call.Number, body);
        loop.Post(() => loop.Send(rank, frame));
        FailIfOver(call);
        return call;
    }

    /// <summary>
    /// Stores one value on one rank or several: its cells go to the first, which hands them on to the next while they come, and so on. All are told in one go, so that any two of them see such values in the
    /// same order: of what waits for its turn between two ranks, the oldest never waits for anything younger.
    /// </summary>
    /// <param name="to">The ranks and their sessions.</param>
    /// <param name="value">The value; its share is taken over.</param>
    /// <param name="chunk">Its bytes per message.</param>
    /// <returns>A call for each.</returns>
    public MpiCall[] Store(IReadOnlyList<(int Rank, string Session)> to, MpiOutgoingValue value, int chunk)
    {
        MpiCall[] calls = [.. to.Select(t => Begin(t.Rank))];
        loop.Post(() =>
        {
            var cells = loop.Send(to[0].Rank, value, chunk, head =>
            {
                for (int i = to.Count - 1; i > 0; i--) loop.Send(to[i].Rank, FrameOf(i, head));
                return FrameOf(0, head);
            }, () => { });
            if (cells is null) return;
            // One that refuses it still hands it on: sending ends early only where nobody wants it.
            int wanted = calls.Length;
            foreach (var call in calls)
                call.Sending = () =>
                {
                    if (--wanted == 0) cells.Stop();
                };
        });
        foreach (var call in calls) FailIfOver(call);
        return calls;

        byte[] FrameOf(int i, MpiValueHead head) => MpiFrame.Write(MpiVerb.Store, calls[i].Number, writer =>
        {
            writer.Write(to[i].Session);
            writer.Write(new MpiWay(i == 0 ? 0 : to[i - 1].Rank, i + 1 < to.Count ? to[i + 1].Rank : 0));
            head.Write(writer);
        });
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
        silentFor[rank] = 0;
        if (!calls.TryGetValue(frame.Request, out var call)) return;
        if (call.Rank != rank) throw frame.Malformed($"rank {call.Rank} was asked that");
        switch (frame.Verb)
        {
            case MpiVerb.Done or MpiVerb.Failed:
                calls.TryRemove(frame.Request, out _);
                call.StopSending();
                call.Answered(frame, loop, () => loop.Send(rank, MpiFrame.Write(MpiVerb.Hold, frame.Request)));
                break;
            case MpiVerb.Hold:
                call.StopSending();
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
            Lose(rank, string.Create(CultureInfo.InvariantCulture, $"process {process.Id} of rank {rank} is gone"));
        }
        // Not all launchers end what a rank's shell had started, and not all libraries say that a rank on another machine is gone.
        if (LocalProcess.Parent != parent && !launcherGone.IsCancellationRequested)
        {
            launcherGone.Cancel();
            Failed(new WorkerRefusal(WorkerFailure.Unreachable, "the launcher of this job is gone"));
        }
        foreach (int rank in silentFor.Keys.ToArray())
            if (++silentFor[rank] == MostSilentTicks) Lose(rank, string.Create(CultureInfo.InvariantCulture, $"it has said nothing for {MostSilentTicks} s"));
    }

    void Lose(int rank, string why) => Failed(new WorkerRefusal(WorkerFailure.Unreachable, why), call => call.Rank == rank);

    public void Failed(Exception e) => Failed(e, _ => true);

    MpiCall Begin(int rank, bool wantsValue = false)
    {
        var call = new MpiCall(Interlocked.Increment(ref numbers), rank, wantsValue);
        calls.TryAdd(call.Number, call);
        return call;
    }

    // It may have failed before the call was in the table.
    void FailIfOver(MpiCall call)
    {
        if (Volatile.Read(ref failure) is { } e && calls.TryRemove(call.Number, out _)) call.Fail(e);
    }

    // A job of MPI cannot go on without one of its ranks, so no new request is made either.
    void Failed(Exception e, Func<MpiCall, bool> whose)
    {
        bool first = Interlocked.CompareExchange(ref failure, e, null) is null;
        foreach (var call in calls.Values)
            if (whose(call) && calls.TryRemove(call.Number, out _)) call.Fail(e);
        if (first) HasEnded?.Invoke();
    }
}
