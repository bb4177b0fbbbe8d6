using System.Collections.Concurrent;

namespace Daphne.Net.Distributed;

/// <summary>
/// Threads that compute and do nothing else: calls that ask and beats are answered by the thread pool, which fragments that run for minutes would
/// otherwise fill. Work beyond the number of threads waits its turn.
/// </summary>
sealed class ComputeThreads : IDisposable
{
    readonly BlockingCollection<Action> waiting = [];
    readonly Thread[] threads;
    readonly SemaphoreSlim lanes;
    int running;

    public ComputeThreads(int count)
    {
        lanes = new(count);
        threads = [.. Enumerable.Range(1, count).Select(n => new Thread(Work) { Name = $"daphne compute {n}", IsBackground = true })];
        foreach (var thread in threads) thread.Start();
    }

    /// <summary>How many computations run at this moment.</summary>
    public int Running => Volatile.Read(ref running);

    /// <summary>Runs <paramref name="work"/> on a thread of its own. Cancelling work that still waits ends it at once; work that runs must look at its token.</summary>
    /// <param name="work">What is computed.</param>
    /// <param name="ct">Cancels it.</param>
    /// <param name="here">The calling thread will do, if fewer than all compute.</param>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken ct, bool here = false)
    {
        if (here && lanes.Wait(0, CancellationToken.None)) return RunHere(work, ct);
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        int begun = 0;
        var waits = ct.Register(() =>
        {
            if (Interlocked.Exchange(ref begun, 1) == 0) result.TrySetCanceled(ct);
        });
        waiting.Add(() =>
        {
            // Whoever computes on a thread of its own may have taken this one's place.
            lanes.Wait(CancellationToken.None);
            waits.Dispose();
            if (Interlocked.Exchange(ref begun, 1) == 0) Complete(result, work);
            else lanes.Release();
        }, CancellationToken.None);
        return result.Task;
    }

    Task<T> RunHere<T>(Func<T> work, CancellationToken ct)
    {
        var result = new TaskCompletionSource<T>();
        if (!ct.IsCancellationRequested) Complete(result, work);
        else
        {
            lanes.Release();
            result.SetCanceled(ct);
        }
        return result.Task;
    }

    // Gives the lane back.
    void Complete<T>(TaskCompletionSource<T> result, Func<T> work)
    {
        Interlocked.Increment(ref running);
        try
        {
            result.TrySetResult(work());
        }
        catch (OperationCanceledException e)
        {
            result.TrySetCanceled(e.CancellationToken);
        }
        catch (Exception e)   // whatever it is, it belongs to whoever awaits the result
        {
            result.TrySetException(e);
        }
        finally
        {
            Interlocked.Decrement(ref running);
            lanes.Release();
        }
    }

    /// <summary>Takes no more work; what runs runs to its end.</summary>
    public void Dispose() => waiting.CompleteAdding();

    void Work()
    {
        foreach (var work in waiting.GetConsumingEnumerable()) work();
    }
}
