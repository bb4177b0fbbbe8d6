using System.Collections.Concurrent;

namespace Daphne.Net.Distributed;

/// <summary>
/// Work that is done in order and by one thread at a time: by whoever brings it, if nobody is at it, so that no other thread has to wake up for it. A thread that finds more than its
/// share leaves the rest to the thread pool. Thread-safe.
/// </summary>
sealed class Inbox
{
    const int Share = 64;

    // No thread wakes up for what has so much time.
    static readonly TimeSpan soon = TimeSpan.FromMilliseconds(100);

    readonly Action<Exception> broke;
    readonly ConcurrentQueue<(Action Act, Action<Exception>? GiveUp)> queue = new();
    readonly ConcurrentQueue<Action> patient = new();
    readonly Timer patience;
    Exception? broken;
    int left;   // what is not done yet, counting what is being done
    int isPatient;

    /// <param name="broke">Told once of the first exception that work throws; what comes later is not done but given up.</param>
    public Inbox(Action<Exception> broke)
    {
        this.broke = broke;
        patience = new(static inbox => ((Inbox)inbox!).LosePatience(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Does this, or lets the thread do it that is at it. The caller holds no lock that work takes.</summary>
    /// <param name="act">The work.</param>
    /// <param name="giveUp">What is done instead once work has thrown.</param>
    public void Post(Action act, Action<Exception>? giveUp = null)
    {
        bool mine = TakePatient();
        mine |= Add(act, giveUp);
        if (mine) Work();
    }

    /// <summary>It is done before what is posted next, or after a tenth of a second. Callers need not know which locks they hold.</summary>
    public void PostSoon(Action act)
    {
        patient.Enqueue(act);
        if (Interlocked.Exchange(ref isPatient, 1) == 0) patience.Change(soon, Timeout.InfiniteTimeSpan);
    }

    void LosePatience()
    {
        Volatile.Write(ref isPatient, 0);
        if (TakePatient()) Work();
    }

    bool TakePatient()
    {
        bool mine = false;
        while (patient.TryDequeue(out var act)) mine |= Add(act, null);
        return mine;
    }

    /// <summary>As <see cref="Post"/>, for callers that do not know which locks they hold: the thread pool does it.</summary>
    public void PostLater(Action act)
    {
        if (Add(act, null)) ThreadPool.UnsafeQueueUserWorkItem(static inbox => inbox.Work(), this, preferLocal: false);
    }

    bool Add(Action act, Action<Exception>? giveUp)
    {
        queue.Enqueue((act, giveUp));
        return Interlocked.Increment(ref left) == 1;
    }

    void Work()
    {
        for (int done = 1; ; done++)
        {
            queue.TryDequeue(out var next);
            try
            {
                if (broken is null) next.Act();
                else next.GiveUp?.Invoke(broken);
            }
            catch (Exception e) when (broken is null)   // a bug of ours: whoever waits gets it, now and later
            {
                broken = e;
                next.GiveUp?.Invoke(e);
                broke(e);
            }
            if (Interlocked.Decrement(ref left) == 0) return;
            if (done < Share) continue;
            ThreadPool.UnsafeQueueUserWorkItem(static inbox => inbox.Work(), this, preferLocal: false);
            return;
        }
    }
}
