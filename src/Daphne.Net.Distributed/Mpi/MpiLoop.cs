using System.Collections.Concurrent;
using System.Diagnostics;
using Daphne.Net.Distributed.Mpi.Native;

namespace Daphne.Net.Distributed.Mpi;

/// <summary>
/// The one thread of a rank that calls MPI, from its start to its end. It never waits inside MPI: it starts, probes and tests, and between two rounds without
/// news it first spins, then sleeps up to a millisecond, which a request of this process cuts short. Everything it calls back runs on it and must be short.
/// </summary>
/// <param name="library">The library.</param>
/// <param name="role">What this rank does with frames, once it knows which one it is.</param>
sealed class MpiLoop(MpiLibrary library, Func<MpiLoop, MpiCommunicator, IMpiHandler> role)
{
    static readonly TimeSpan nap = TimeSpan.FromMilliseconds(1), startTime = TimeSpan.FromMinutes(2), tick = TimeSpan.FromSeconds(1);

    // Long enough to bridge the steps of a small pipeline; with values under way a nap would slow them down, so it comes later. Where more threads want to run
    // than there are cores, who sleeps is served sooner than who yields.
    static readonly long awake = Stopwatch.Frequency / 5_000, awakeInTransfer = Stopwatch.Frequency / 1_000;

    readonly ConcurrentQueue<Action> posted = [];
    readonly ManualResetEventSlim news = new(initialState: false, spinCount: 0);
    readonly Lanes outgoing = new(), incoming = new();
    readonly List<(byte[] Bytes, MpiRequest Request)> sending = [];
    readonly Dictionary<int, Queue<IncomingFrame>> receiving = [];
    readonly TaskCompletionSource<IMpiHandler> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    MpiCommunicator? world;
    volatile bool leaving;

    /// <summary>Completes when the thread has ended: after <c>MPI_Finalize</c>, or with what went wrong.</summary>
    public Task Ended => ended.Task;

    /// <summary>Starts the thread, and MPI on it.</summary>
    /// <returns>What the role is.</returns>
    /// <exception cref="MpiException">MPI does not start.</exception>
    public IMpiHandler Start()
    {
        new Thread(Run) { Name = "daphne mpi", IsBackground = true }.Start();
        int parent = LocalProcess.Parent;
        for (long began = Stopwatch.GetTimestamp(); Task.WaitAny([started.Task], tick) < 0;)
        {
            if (LocalProcess.Parent != parent) throw new MpiException("MPI_Init_thread", "the launcher of this job is gone");
            if (Stopwatch.GetElapsedTime(began) > startTime) throw new MpiException("MPI_Init_thread", $"it did not end within {startTime.TotalSeconds} s; do all ranks run?");
        }
        return started.Task.GetAwaiter().GetResult();
    }

    /// <summary>Runs something on the MPI thread. After a failure, and once the loop has ended, it does not run.</summary>
    public void Post(Action action)
    {
        posted.Enqueue(action);
        news.Set();
    }

    /// <summary>Ends the loop once everything that was begun is sent or received, and with it MPI.</summary>
    public void Leave()
    {
        leaving = true;
        news.Set();
    }

    /// <summary>Sends a frame; on the MPI thread.</summary>
    public void Send(int rank, byte[] frame) => sending.Add((frame, World.StartSend(frame, rank, MpiFrame.Tag)));

    /// <summary>Sends a frame with a value, whose share is given back when that is done; on the MPI thread.</summary>
    /// <returns>The transfer of its cells, to be stopped; null where the frame holds the whole value.</returns>
    public OutgoingCells? Send(int rank, MpiOutgoingValue value, int chunk, Func<MpiValueHead, byte[]> frame, Action ended)
    {
        var head = new MpiValueHead(value.First, value.Rest, outgoing.Next(), chunk);
        Send(rank, frame(head));
        if (value.Rest == 0)
        {
            value.Dispose();
            ended();
            return null;
        }
        var cells = new OutgoingCells(value, rank, head.Lane, chunk, ended);
        outgoing.Add(rank, head.Lane, cells);
        return cells;
    }

    /// <summary>Receives the cells a frame announced; on the MPI thread, before the next frame of that rank is looked at.</summary>
    public void Receive(int rank, int lane, IncomingCells cells) => incoming.Add(rank, lane, cells);

    /// <summary>Hands cells on as they come; on the MPI thread, when they are announced.</summary>
    public void Forward(int rank, int lane, ForwardedCells cells) => outgoing.Add(rank, lane, cells);

    /// <summary>True for a rank of the job that is not this one.</summary>
    public bool IsOther(int rank) => rank >= 0 && rank < World.Size && rank != World.Rank;

    MpiCommunicator World => world!;

    void Run()
    {
        try
        {
            var scope = new MpiScope(library);
            world = scope.World;
            var handler = role(this, world);
            started.SetResult(handler);
            Turn(handler);
            scope.Dispose();   // not after a failure: it waits for the others
            ended.SetResult();
        }
        catch (Exception e)   // the edge of the thread: whoever waits for the loop gets it
        {
            if (!started.TrySetException(e)) started.Task.Result.Failed(e);
            ended.SetException(e);
        }
    }

    void Turn(IMpiHandler handler)
    {
        long last = Stopwatch.GetTimestamp(), ticked = last;
        while (!leaving || !posted.IsEmpty || sending.Count > 0 || outgoing.Waiting + incoming.Waiting > 0)
        {
            news.Reset();
            bool moved = RunPosted() | Receive(handler) | StepSends() | outgoing.Step(World) | incoming.Step(World);
            long now = Stopwatch.GetTimestamp();
            if (moved) last = now;
            else if (now - last < (outgoing.Waiting + incoming.Waiting > 0 ? awakeInTransfer : awake)) Thread.SpinWait(20);
            else news.Wait(nap);
            if (Stopwatch.GetElapsedTime(ticked, now) < tick) continue;
            ticked = now;
            handler.Tick();
        }
    }

    bool RunPosted()
    {
        bool any = false;
        while (posted.TryDequeue(out var action))
        {
            action();
            any = true;
        }
        return any;
    }

    bool StepSends()
    {
        bool moved = false;
        for (int i = sending.Count - 1; i >= 0; i--)
        {
            var (bytes, request) = sending[i];
            bool sent = World.IsSent(ref request);
            if (sent) sending.RemoveAt(i);
            moved |= sent;
        }
        return moved;
    }

    // Frames are handled in the order in which their rank sent them: a long one may be complete later than a short one behind it.
    bool Receive(IMpiHandler handler)
    {
        bool moved = false;
        while (World.Probe(MpiFrame.Tag, out var envelope))
        {
            byte[] bytes = GC.AllocateUninitializedArray<byte>(envelope.Bytes, pinned: true);
            if (!receiving.TryGetValue(envelope.Source, out var queue)) receiving.Add(envelope.Source, queue = []);
            queue.Enqueue(new(bytes, World.StartReceive(bytes, envelope.Source, MpiFrame.Tag)));
            moved = true;
        }
        foreach (var (rank, queue) in receiving)
            while (queue.TryPeek(out var first) && World.IsReceived(ref first.Request, out _))
            {
                queue.Dequeue();
                handler.Received(rank, MpiFrame.Read(first.Bytes, rank));
                moved = true;
            }
        return moved;
    }

    sealed class IncomingFrame(byte[] bytes, MpiRequest request)
    {
        public readonly byte[] Bytes = bytes;
        public MpiRequest Request = request;
    }
}

/// <summary>What a rank does with what comes. Called on the MPI thread.</summary>
interface IMpiHandler
{
    /// <exception cref="Dialect.RaisedException">It leaves open what follows it: the loop ends.</exception>
    void Received(int rank, MpiFrame frame);

    /// <summary>About once a second.</summary>
    void Tick();

    /// <summary>MPI failed, or what came cannot be understood: nothing comes any more, and nothing goes out.</summary>
    void Failed(Exception e);
}
