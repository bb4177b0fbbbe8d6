using System.Numerics;
using Daphne.Net.Distributed.Recovery;

namespace Daphne.Net.Tests.Distributed.Recovery;

/// <summary>What the nemesis does.</summary>
sealed partial class Simulation
{
    readonly List<RunEvent> answered = [];

    SimulatedWorker Add()
    {
        var worker = new SimulatedWorker(workers.Count);
        workers.Add(worker);
        Tell(new RunEvent.Joined(worker.Number, 1));
        return worker;
    }

    void Strike(Random dice)
    {
        var choice = nemesis.Faults & Nemesis.Strike;
        if (over || choice == Fault.None) return;
        for (int skip = dice.Next(BitOperations.PopCount((uint)choice)); skip > 0; skip--) choice &= choice - 1;
        var worker = workers[dice.Next(workers.Count)];
        switch ((Fault)(1 << BitOperations.TrailingZeroCount((uint)choice)))
        {
            case Fault.Kill: Kill(worker, dice, "kill"); break;
            case Fault.Hang: Hang(worker, dice); break;
            case Fault.Slow:
                Fire("slow");
                worker.Slowness = 40;
                break;
            case Fault.Restart: Restart(worker, "restart"); break;
            case Fault.Join:
                Fire("join");
                Add();
                break;
            case Fault.Drain: Drain(worker, dice); break;
            case Fault.Suspect: Doubt(worker, dice); break;
            case Fault.Pause:
                Fire("pause");
                pausedUntil = now + Seconds(3 + dice.NextDouble() * 40);
                break;
            case Fault.Forget:
                if (!worker.Alive || worker.Store.Count == 0) break;
                Fire("forget");
                worker.Forget(worker.Store.Keys.Order().ElementAt(dice.Next(worker.Store.Count)));
                break;
            case Fault.Stale: Stale(worker, dice); break;
            case Fault.End: End(); break;
        }
    }

    void End()
    {
        if (ended || now < pausedUntil) return;
        Fire("end");
        ended = true;
        made.Clear();
        needed.Clear();
        kept.Clear();
        Step(new RunEvent.Ended());
        // What is on its way still comes, and changes nothing.
        At(Seconds(120), () => over = true);
    }

    void Kill(SimulatedWorker worker, Random dice, string fault)
    {
        if (!worker.Alive) return;
        Fire(fault);
        worker.Die();
        int generation = worker.Generation;
        if (dice.Next(2) == 0) News(Seconds(2), new RunEvent.Suspected(worker.Number, generation));
        News(Seconds(dice.NextDouble() * 5), new RunEvent.Lost(worker.Number, generation));
        if (dice.Next(3) == 0) At(Seconds(10 + dice.NextDouble() * 80), () => Restart(worker, "back from the dead"));
    }

    void Hang(SimulatedWorker worker, Random dice)
    {
        if (!worker.Alive || worker.Hung) return;
        Fire("hang");
        worker.Hung = true;
        int generation = worker.Generation;
        News(Seconds(3), new RunEvent.Suspected(worker.Number, generation));
        bool soon = dice.Next(2) == 0;
        if (!soon) News(Seconds(12), new RunEvent.Lost(worker.Number, generation));
        At(Seconds(soon ? 1 + dice.NextDouble() * 10 : 15 + dice.NextDouble() * 30), () =>
        {
            if (!worker.Is(generation)) return;
            if (!soon)
            {
                Restart(worker, "lease over");
                return;
            }
            News(Seconds(4), new RunEvent.Back(worker.Number, generation));
            worker.Resume();
        });
    }

    void Doubt(SimulatedWorker worker, Random dice)
    {
        if (!worker.Alive || worker.Hung || nemesis.Has(Fault.Heartbeats)) return;
        Fire("suspect");
        int generation = worker.Generation;
        News(TimeSpan.Zero, new RunEvent.Suspected(worker.Number, generation));
        News(Seconds(dice.NextDouble() * 8), new RunEvent.Back(worker.Number, generation));
    }

    void Drain(SimulatedWorker worker, Random dice)
    {
        if (!worker.Alive || worker.Leaves) return;
        Fire("drain");
        worker.Leaves = true;
        int generation = worker.Generation;
        double grace = 1 + dice.NextDouble() * 30;
        Tell(new RunEvent.Draining(worker.Number, generation, dice.Next(2) == 0 ? Seconds(grace) : null));
        At(Seconds(grace + dice.NextDouble() * 4), () =>
        {
            if (worker.Is(generation)) Kill(worker, dice, "left");
        });
    }

    void Restart(SimulatedWorker worker, string fault)
    {
        Fire(fault);
        worker.Restart();
        Tell(new RunEvent.Joined(worker.Number, worker.Generation));
    }

    // What the network kept, or a second connection says again: it must not matter.
    void Stale(SimulatedWorker worker, Random dice)
    {
        if (now < pausedUntil || !State.Members.TryGetValue(worker.Number, out var member)) return;
        Fire("stale");
        int old = member.Generation - 1;
        foreach (RunEvent news in (RunEvent[])[
            new RunEvent.Joined(worker.Number, member.Generation), new RunEvent.Joined(worker.Number, old), new RunEvent.Suspected(worker.Number, old),
            new RunEvent.Back(worker.Number, old), new RunEvent.Heard(worker.Number, old), new RunEvent.Draining(worker.Number, old), new RunEvent.Lost(worker.Number, old)])
            Unchanged(news);
        for (int i = 0; i < 4 && answered.Count > 0; i++)
        {
            var answer = answered[dice.Next(answered.Count)];
            int call = answer is RunEvent.Done d ? d.Call : ((RunEvent.Failed)answer).Call;
            if (!State.Calls.ContainsKey(call)) Unchanged(answer);
        }
    }

    // Who hears what is the machine's own affair when it listens for heartbeats.
    void News(TimeSpan later, RunEvent happened)
    {
        if (!nemesis.Has(Fault.Heartbeats)) At(later, () => Tell(happened));
    }
}
