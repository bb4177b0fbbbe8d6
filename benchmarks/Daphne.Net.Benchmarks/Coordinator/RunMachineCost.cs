using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Daphne.Net.Distributed.Recovery;

namespace Daphne.Net.Benchmarks.Coordinator;

/// <summary>
/// What deciding costs the coordinator: <c>run-machine</c> takes a run of 50 pipelines with four pieces per worker through <see cref="RunMachine"/>, every answer in
/// turn, and prints processor time per event and the bytes of the state. Time of the processor, not of the wall: other load does not matter.
/// </summary>
static class RunMachineCost
{
    const int PiecesPerWorker = 4, Pipelines = 50;

    public static void Run()
    {
        Measure(16, print: false);
        foreach (int workers in (ReadOnlySpan<int>)[16, 256, 1000]) Measure(workers, print: true);
    }

    static void Measure(int workers, bool print)
    {
        var run = new Driver();
        long empty = GC.GetTotalMemory(forceFullCollection: true);
        for (int w = 0; w < workers; w++) run.Take(new RunEvent.Joined(w, 1));
        long joined = GC.GetTotalMemory(forceFullCollection: true);
        int events = run.Events;
        var before = Used();
        int count = workers * PiecesPerWorker, next = 1;
        var rows = Pieces(_ => []);
        ImmutableArray<int> last = default, older = default;
        for (int p = 0; p < Pipelines; p++)
        {
            int broadcast = p == 0 ? -1 : last[0];
            var over = last;
            var made = p == 0 ? [] : Pieces(i => i == 0 ? [over[i]] : [over[i], broadcast]);
            run.Take(new RunEvent.Began(p == 0 ? rows : made, [.. (p == 0 ? rows : made).Select(m => m.Id)]));
            run.Answer();
            if (!older.IsDefault) run.Take(new RunEvent.Dropped(older));
            (older, last) = (last, [.. (p == 0 ? rows : made).Select(m => m.Id)]);
        }
        run.Take(new RunEvent.Needed(last));
        run.Answer();
        var took = Used() - before;
        if (run.State.Retries + run.State.Goals.Count + run.State.Calls.Count > 0) throw new InvalidOperationException("a run without faults has something left to do");
        long end = GC.GetTotalMemory(forceFullCollection: true);
        if (print)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{workers,5} workers {run.State.Pieces.Count,6} pieces kept {run.Events - events,8} events {took.TotalMicroseconds / (run.Events - events),6:0.0} us of CPU per event {(joined - empty) / workers,6} bytes per worker {(end - joined) / run.State.Pieces.Count,6} bytes per piece"));
        GC.KeepAlive(run);

        ImmutableArray<Piece> Pieces(Func<int, ImmutableArray<int>> inputs) =>
            [.. Enumerable.Range(0, count).Select(i => inputs(i) is var from && from.Length > 0 ? new Piece(next++, "f", from, i / PiecesPerWorker, "f") : new Piece(next++, null, [], i / PiecesPerWorker, "x"))];
    }

    static TimeSpan Used() => Environment.CpuUsage.TotalTime;

    sealed class Driver
    {
        readonly Queue<int> asked = [];

        public RunState State { get; private set; } = new(new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)));

        public int Events { get; private set; }

        public void Take(RunEvent happened)
        {
            Events++;
            (State, var effects) = RunMachine.Next(State, happened);
            foreach (var effect in effects)
                if (effect is RunEffect.Send { Call: var send }) asked.Enqueue(send);
                else if (effect is RunEffect.Compute { Call: var compute }) asked.Enqueue(compute);
                else if (effect is RunEffect.Fetch { Call: var fetch }) asked.Enqueue(fetch);
        }

        public void Answer()
        {
            while (asked.TryDequeue(out int call)) Take(new RunEvent.Done(call));
        }
    }
}
