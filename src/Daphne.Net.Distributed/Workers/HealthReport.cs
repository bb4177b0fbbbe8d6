namespace Daphne.Net.Distributed;

/// <summary>The health of one worker as its client sees it, and the order in which others hear of it. Thread-safe.</summary>
/// <param name="tell">Called for each change, one after the other.</param>
sealed class HealthReport(Action<WorkerHealth> tell)
{
    readonly Lock gate = new();
    readonly Queue<WorkerHealth> pending = [];
    WorkerHealth now;
    bool telling;

    public WorkerHealth Now
    {
        get
        {
            lock (gate) return now;
        }
    }

    /// <summary>Notes <paramref name="next"/>, if <paramref name="from"/> allows it, and tells it unless it is known. Whoever tells at this moment tells the others' news too.</summary>
    public void Become(WorkerHealth next, Func<WorkerHealth, bool>? from = null)
    {
        lock (gate)
        {
            if (now == next || from?.Invoke(now) == false) return;
            now = next;
            pending.Enqueue(next);
            if (telling) return;
            telling = true;
        }
        while (Next() is { } change) tell(change);
    }

    WorkerHealth? Next()
    {
        lock (gate)
        {
            if (pending.TryDequeue(out var next)) return next;
            telling = false;
            return null;
        }
    }
}
