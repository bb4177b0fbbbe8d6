using System.Collections.Concurrent;
using Daphne.Net.Distributed;
using Daphne.Net.Distributed.Mpi;
using Daphne.Net.Distributed.Mpi.Native;

namespace Daphne.Net.ClusterTests.Mpi;

/// <summary>One rank of a job whose other is the tool: it sends what is malformed, and as rank 0 prints what it is answered.</summary>
static class MalformedProgram
{
    public const string Name = "mpi-malformed";

    /// <summary>Requests that hold nothing their reader expects.</summary>
    public static readonly MpiVerb[] Requests = [MpiVerb.Hello, MpiVerb.Compute, MpiVerb.Transfer, MpiVerb.Free, MpiVerb.Stats, MpiVerb.Scan, MpiVerb.Read, MpiVerb.CloseSession];

    /// <param name="how">As rank 0: requests, store, way, twice, kind. As rank 1, its answers: kind, greeting, value.</param>
    public static async Task<int> RunAsync(string how)
    {
        var launch = MpiLaunch.Detect();
        var loop = new MpiLoop(MpiLibrary.Load(launch), (loop, world) => world.Rank == 0 ? new Asker() : new Answerer(loop, how));
        if (loop.Start() is not Asker asker)
        {
            await Task.Delay(Processes.Patience.Most);   // the launcher ends it with the other rank
            return 5;
        }
        if (how == "requests")
        {
            foreach (var verb in Requests)
            {
                Send(MpiFrame.Write(verb, (long)verb, writer => writer.Write((byte)200)));
                var refused = asker.Next();
                var refusal = refused.Parse(MpiBodies.Failed);
                Console.WriteLine($"{(MpiVerb)refused.Request}: {refused.Verb} {refusal.Reason} {refusal.Message}");
            }
            Send(MpiFrame.Write(MpiVerb.Hello, 100, writer =>
            {
                writer.Write(MpiFrame.Protocol);
                writer.Write(ProductVersion.Text);
                writer.Write("");
            }));
            Console.WriteLine(asker.Next().Verb);
            Send(MpiFrame.Write(MpiVerb.Goodbye, 0));
            loop.Leave();
            await loop.Ended;
            return 0;
        }
        Send(how switch
        {
            "store" => MpiFrame.Write(MpiVerb.Store, 1, writer => writer.Write((byte)200)),
            "way" => Store(from: 5),
            "twice" => Store(from: 0),
            _ => Unknown(),
        });
        if (how == "twice") Send(Store(from: 0));
        await Task.Delay(Processes.Patience.Most);
        return 5;

        void Send(byte[] frame) => loop.Post(() => loop.Send(1, frame));
    }

    // Of a value whose cells are still to come.
    static byte[] Store(int from) => MpiFrame.Write(MpiVerb.Store, 1, writer =>
    {
        writer.Write("");
        writer.Write(new MpiWay(from, 0));
        new MpiValueHead([], 100, 0, 100).Write(writer);
    });

    static byte[] Unknown()
    {
        byte[] frame = MpiFrame.Write(MpiVerb.Beat, 0);
        frame[0] = 99;
        return frame;
    }

    sealed class Asker : IMpiHandler
    {
        readonly BlockingCollection<MpiFrame> come = [];

        public MpiFrame Next() => come.TryTake(out var frame, Processes.Patience.Most) ? frame : throw new TimeoutException("no answer");

        public void Received(int rank, MpiFrame frame) => come.Add(frame);

        public void Tick()
        {
        }

        public void Failed(Exception e) => Console.WriteLine(e);
    }

    /// <summary>A worker but for one answer.</summary>
    sealed class Answerer(MpiLoop loop, string how) : IMpiHandler
    {
        readonly MpiWorker worker = new(loop, new(new() { Run = FragmentExecution.Run }));

        public void Received(int rank, MpiFrame frame)
        {
            if (how == "kind" && frame.Verb == MpiVerb.Hello) loop.Send(rank, Unknown());
            else if (how == "greeting" && frame.Verb == MpiVerb.Hello || how == "value" && frame.Verb == MpiVerb.Transfer) loop.Send(rank, MpiFrame.Write(MpiVerb.Done, frame.Request, writer => writer.Write((byte)200)));
            else worker.Received(rank, frame);
        }

        public void Tick() => worker.Tick();

        public void Failed(Exception e) => worker.Failed(e);
    }
}
