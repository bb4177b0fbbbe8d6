using System.Runtime.ExceptionServices;

namespace Daphne.Net.Runtime;

/// <summary>Numbered tasks that several threads take from one counter.</summary>
sealed class TaskJob(int count, Action<int> task, CancellationToken ct)
{
    readonly Lock failing = new();
    readonly ManualResetEventSlim done = new(count == 0);
    int next, finished, failedAt = int.MaxValue;
    ExceptionDispatchInfo? failure;

    /// <summary>Takes tasks until none is left.</summary>
    public void Work()
    {
        for (int i; (i = Interlocked.Increment(ref next) - 1) < count;)
        {
            // A task that comes before the failed one still runs: which error is reported must not depend on who was faster.
            if (i < Volatile.Read(ref failedAt)) Run(i);
            if (Interlocked.Increment(ref finished) == count) done.Set();
        }
    }

    /// <summary>Waits for the tasks others have taken.</summary>
    public void Wait() => done.Wait(CancellationToken.None);

    public void ThrowIfFailed() => failure?.Throw();

    void Run(int i)
    {
        try
        {
            ct.ThrowIfCancellationRequested();
            task(i);
        }
        catch (Exception e)
        {
            lock (failing)
                if (i < failedAt) (failedAt, failure) = (i, ExceptionDispatchInfo.Capture(e));
        }
    }
}
