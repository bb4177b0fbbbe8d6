using System.Diagnostics;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed.Mpi;

/// <summary>A rank that serves: the frames of rank 0 over a <see cref="WorkerService"/>, until rank 0 says goodbye, or nothing any more.</summary>
sealed partial class MpiWorker(MpiLoop loop, WorkerService service) : IMpiHandler, IDisposable
{
    /// <summary>How long rank 0 may be silent; it says something every few seconds.</summary>
    static readonly TimeSpan deadMan = TimeSpan.FromMinutes(1);

    readonly int parent = LocalProcess.Parent;
    readonly TaskCompletionSource<WorkerStop> stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Dictionary<long, MpiUpload> uploads = [];
    readonly Dictionary<long, OutgoingCells> downloads = [];
    readonly HashSet<long> preparing = [];
    long heard = Stopwatch.GetTimestamp();

    /// <summary>Completes when there is nobody left to serve, and says why.</summary>
    public Task<WorkerStop> Stopped => stop.Task;

    public void Received(int rank, MpiFrame frame)
    {
        heard = Stopwatch.GetTimestamp();
        try
        {
            Handle(rank, frame);
        }
        catch (WorkerRefusal e)
        {
            Refuse(rank, frame.Request, e);
        }
        // Frames stand for themselves; the cells that a Store announces do not.
        catch (RaisedException e) when (e.Def == Diag.MpiMalformed && frame.Verb != MpiVerb.Store)
        {
            Refuse(rank, frame.Request, new WorkerRefusal(WorkerFailure.BadRequest, e.Message, e));
        }
    }

    public void Tick()
    {
        if (Stopwatch.GetElapsedTime(heard) > deadMan) stop.TrySetResult(WorkerStop.Silence);
        else if (LocalProcess.Parent != parent) stop.TrySetResult(WorkerStop.ParentGone);
    }

    public void Dispose() => service.Dispose();

    public void Failed(Exception e) => stop.TrySetException(e);

    void Handle(int rank, MpiFrame frame)
    {
        long request = frame.Request;
        switch (frame.Verb)
        {
            case MpiVerb.Hello:
                Greet(rank, frame);
                break;
            case MpiVerb.Store:
                Store(rank, frame);
                break;
            case MpiVerb.Compute:
                var (session, text, inputs, bring) = frame.Parse(MpiBodies.Compute);
                Answer(rank, request, service.ComputeAsync(new FragmentCall(text, Bring: bring), inputs, session, Name(request), CancellationToken.None), (made, writer) => writer.Write(made, writer.Write));
                break;
            case MpiVerb.Transfer:
                Transfer(rank, frame);
                break;
            case MpiVerb.Free:
                var (owner, ids) = frame.Parse(MpiBodies.Free);
                service.Free(ids, owner);
                loop.Send(rank, MpiFrame.Write(MpiVerb.Done, request));
                break;
            case MpiVerb.Stats:
                service.Enter(frame.Parse(MpiBodies.Session));
                var stats = service.Values.Stats;
                loop.Send(rank, MpiFrame.Write(MpiVerb.Done, request, writer =>
                {
                    writer.Write(stats.LiveBytes);
                    writer.Write(stats.Values);
                }));
                break;
            case MpiVerb.Scan:
                Scan(rank, frame);
                break;
            case MpiVerb.Read:
                Read(rank, frame);
                break;
            case MpiVerb.CloseSession:
                service.CloseSession(frame.Parse(MpiBodies.Session));
                loop.Send(rank, MpiFrame.Write(MpiVerb.Done, request));
                break;
            case MpiVerb.Cancel:
                Cancel(request, frame.Parse(MpiBodies.Session));
                break;
            case MpiVerb.Hold:
                if (downloads.TryGetValue(request, out var download)) download.Stop();
                break;
            case MpiVerb.Beat:
                loop.Send(rank, MpiFrame.Write(MpiVerb.Beat, 0));
                break;
            case MpiVerb.Goodbye:
                stop.TrySetResult(WorkerStop.Requested);
                break;
        }
    }

    void Greet(int rank, MpiFrame frame)
    {
        var (protocol, version, known) = frame.Parse(MpiBodies.Hello);
        if (protocol != MpiFrame.Protocol || version != ProductVersion.Text)
            throw new WorkerRefusal(WorkerFailure.BadRequest, $"rank {rank} runs version {version}, this one {ProductVersion.Text}; all ranks of a job run one program");
        string session = known.Length > 0 ? known : service.Sessions.Open(TimeSpan.Zero, readsFiles: true);
        var own = LocalProcess.Own;
        loop.Send(rank, MpiFrame.Write(MpiVerb.Done, frame.Request, writer =>
        {
            writer.Write(session);
            writer.Write(ProductVersion.Text);
            writer.Write(Environment.MachineName);
            writer.Write(own.Id);
            writer.Write(own.Started);
        }));
    }

    void Store(int rank, MpiFrame frame)
    {
        long request = frame.Request;
        var (session, way, head) = frame.Parse(MpiBodies.Store);
        if (!loop.IsOther(way.From) || way.Next != 0 && !loop.IsOther(way.Next)) throw frame.Malformed($"no value comes from rank {way.From} and goes to rank {way.Next} by way of this one");
        if (uploads.ContainsKey(request)) throw frame.Malformed($"request {request} is under way");
        var upload = new MpiUpload(service, session, Name(request), head.First);
        if (upload.Refusal is not null && head.Rest > 0) loop.Send(rank, MpiFrame.Write(MpiVerb.Hold, request));
        if (head.Rest == 0)
        {
            End(whole: true);
            return;
        }
        uploads.Add(request, upload);
        // What goes on to the next rank lies where it came: the value is nobody's before that has ended.
        int open = way.Next == 0 ? 1 : 2;
        bool complete = false;
        var next = way.Next == 0 ? null : new ForwardedCells(way.Next, head.Lane, EndPart);
        loop.Receive(way.From, head.Lane, new IncomingCells(upload, head, way.From, whole =>
        {
            complete = whole;
            EndPart();
        }, next));
        if (next is not null) loop.Forward(way.Next, head.Lane, next);

        void EndPart()
        {
            if (--open == 0) End(complete);
        }

        void End(bool whole)
        {
            uploads.Remove(request);
            using (upload)
            {
                try
                {
                    var handle = upload.Finish(whole);
                    loop.Send(rank, MpiFrame.Write(MpiVerb.Done, request, writer => writer.Write(handle)));
                }
                catch (WorkerRefusal e)
                {
                    Refuse(rank, request, e);
                }
            }
        }
    }

    // Not on the MPI thread: a value that is no dense matrix yet is made one first.
    void Transfer(int rank, MpiFrame frame)
    {
        long request = frame.Request;
        var (session, id, chunk) = frame.Parse(MpiBodies.Transfer);
        if (preparing.Contains(request) || downloads.ContainsKey(request)) throw frame.Malformed($"request {request} is under way");
        var value = service.Take(id, session);
        preparing.Add(request);
        var prepared = Task.Run(() =>
        {
            try
            {
                return new MpiOutgoingValue(value);
            }
            catch (RaisedException e)
            {
                throw new WorkerRefusal(WorkerFailure.BadRequest, e.Message, e);
            }
            finally
            {
                ValueStore.Release(value);
            }
        });
        prepared.ContinueWith(_ => loop.Post(() =>
        {
            bool wanted = preparing.Remove(request);
            if (!prepared.IsCompletedSuccessfully) Refuse(rank, request, prepared.Exception!.InnerException!);
            else if (loop.Send(rank, prepared.Result, chunk, head => MpiFrame.Write(MpiVerb.Done, request, head.Write), () => downloads.Remove(request)) is { } cells)
            {
                downloads.Add(request, cells);
                if (!wanted) cells.Stop();
            }
        }), TaskScheduler.Default);
    }

    void Cancel(long request, string session)
    {
        if (uploads.TryGetValue(request, out var upload)) upload.Cancel();
        if (downloads.TryGetValue(request, out var download)) download.Stop();
        preparing.Remove(request);
        service.Cancel(Name(request), session);
    }

    void Answer<T>(int rank, long request, Task<T> task, Action<T, BinaryWriter> body) => task.ContinueWith(_ => loop.Post(() =>
    {
        if (task.IsCompletedSuccessfully) loop.Send(rank, MpiFrame.Write(MpiVerb.Done, request, writer => body(task.Result, writer)));
        else Refuse(rank, request, task.IsCanceled ? new WorkerRefusal(WorkerFailure.Cancelled, "the computation was cancelled, or its session ended") : task.Exception!.InnerException!);
    }), TaskScheduler.Default);

    void Refuse(int rank, long request, Exception e)
    {
        var refusal = e as WorkerRefusal ?? new WorkerRefusal(WorkerFailure.Internal, e.Message, e);
        loop.Send(rank, MpiFrame.Write(MpiVerb.Failed, request, writer =>
        {
            writer.Write((byte)refusal.Reason);
            writer.Write(refusal.Message);
        }));
    }

    // Numbers are given out once in a job, so they need no session in front.
    static string Name(long request) => $"mpi {request}";
}

/// <summary>A value on its way into the store of a worker.</summary>
sealed class MpiUpload : MpiIncomingValue, IDisposable
{
    readonly ValueUpload? upload;

    public MpiUpload(WorkerService service, string session, string request, byte[] first)
    {
        try
        {
            upload = service.Upload(session, request);
        }
        catch (WorkerRefusal e)
        {
            Refusal = e;
        }
        Feed(first);
    }

    public WorkerRefusal? Refusal { get; private set; }

    public override Data.ValueReader? Reader => Refusal is null ? upload!.Reader : null;

    public override void Feed(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (Refusal is null) upload!.Feed(bytes);
        }
        catch (WorkerRefusal e)
        {
            Refusal = e;
        }
    }

    public void Cancel() => Refusal ??= new(WorkerFailure.Cancelled, "the client gave up");

    /// <exception cref="WorkerRefusal">It is not kept.</exception>
    public Handle Finish(bool whole) =>
        Refusal is not null ? throw Refusal
        : !whole ? throw new WorkerRefusal(WorkerFailure.Cancelled, "the client stopped sending the value")
        : upload!.Finish();

    public void Dispose() => upload?.Dispose();
}
