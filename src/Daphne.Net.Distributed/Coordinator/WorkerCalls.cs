namespace Daphne.Net.Distributed;

/// <summary>The same call to several workers at once.</summary>
static class WorkerCalls
{
    /// <summary>
    /// Results in worker order. The first failure cancels the other calls through <paramref name="giveUp"/>; all have ended when this ends, and the
    /// exception is the first failure, not the cancellations it caused. What the successful calls made is handed to <paramref name="undo"/> then.
    /// </summary>
    public static async Task<T[]> OnAllAsync<T>(int workers, CancellationTokenSource giveUp, Func<int, Task<T>> call, Action<int, T> undo)
    {
        Exception? first = null;
        var calls = Enumerable.Range(0, workers).Select(async w =>
        {
            try
            {
                return await call(w).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref first, e, null);
                await giveUp.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }).ToArray();
        await ((Task)Task.WhenAll(calls)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (first is null) return [.. calls.Select(c => c.Result)];
        for (int w = 0; w < workers; w++)
            if (calls[w].IsCompletedSuccessfully) undo(w, calls[w].Result);
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        throw first;
    }
}
