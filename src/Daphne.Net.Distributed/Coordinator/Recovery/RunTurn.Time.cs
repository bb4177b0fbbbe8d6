namespace Daphne.Net.Distributed.Recovery;

/// <summary>What time brings: calls that are due, workers that are quiet or slow, runs without workers.</summary>
sealed partial class RunTurn
{
    void Tick(TimeSpan now)
    {
        if (!State.Ticking) State = State with { Ticking = true, Now = now, Skipped = now };
        var step = now - State.Now;
        if (step < TimeSpan.Zero) return;
        bool late = step > State.Limits.LongestTick;
        State = State with { Now = now, Skipped = State.Skipped + (late ? step - State.Limits.LongestTick : TimeSpan.Zero) };
        Overdue();
        Left();
        Listen();
        // After a pause the answers are still to be read.
        if (!late && State.Limits.SlowFactor > 0 && !State.Goals.IsEmpty) Hurry();
        // What a leaving worker still runs may end.
        if (State.AloneSince is { } since && State.Elapsed - since >= State.Limits.Grace && !State.Goals.IsEmpty && State.Waiting.IsEmpty)
            Fail(RunFailure.NoWorkers, State.Goals.Keys.First(), "no worker is left");
    }

    void Overdue()
    {
        while (!State.Waiting.IsEmpty && State.Calls[State.Waiting.Min] is var call && call.Due <= State.Elapsed)
        {
            Cancel(call);
            Again(call, $"no answer within {State.Limits.CallTimeout.TotalSeconds:0} s");
        }
    }

    void Left()
    {
        foreach (var (worker, end) in State.Leaving)
        {
            if (end > State.Elapsed || end is null) continue;
            State = State with { Leaving = State.Leaving.SetItem(worker, null) };
            foreach (int c in State.At(worker).Calls)
                if (State.Waiting.Contains(c)) Abandon(State.Calls[c], cancel: true);
            Suspect(worker);
        }
    }

    void Listen()
    {
        while (!State.Alarms.IsEmpty && State.Alarms.Min is var (at, worker) && at <= State.Elapsed)
            if (State.Answers(worker))
            {
                Suspect(worker);
                State = State.WithAlarm(worker, at + (State.Limits.Lease - State.Limits.Silence!.Value));
            }
            else Lose(worker);
    }

    // The first of two results counts; both are the same piece, so the run's result is the same.
    void Hurry()
    {
        using var idle = State.Ready.TakeWhile(r => !r.Late && r.Goals == 0).Where(r => State.At(r.Worker).Calls.IsEmpty).GetEnumerator();
        foreach (var (piece, goal) in State.Goals)
        {
            Looked++;
            if (goal.Twin >= 0 || !State.Making.TryGetValue((piece, goal.Worker), out int c) || State.Calls[c] is not { Kind: CallKind.Compute } call) continue;
            if (!State.Pipelines.TryGetValue(call.Siblings, out var siblings) || !(State.Age(call) >= siblings.Patience(State.Limits))) continue;
            // Whom somebody died of is not given two workers at once.
            if (State.Deaths.ContainsKey(piece)) continue;
            if (!idle.MoveNext()) return;
            State = State.WithGoal(piece, goal with { Twin = idle.Current.Worker }) with { Twins = State.Twins + 1 };
            Goals.Add(piece);
        }
    }
}
