using System.Runtime.ExceptionServices;

namespace Daphne.Net.Data;

/// <summary>The same work on several threads of its own, for reading and writing files: not those of the thread pool, which answer requests.</summary>
static class RowThreads
{
    /// <summary>Runs the work on this thread and so many less one others; throws what one of them threw once all are done.</summary>
    public static void Run(int threads, Action work)
    {
        ExceptionDispatchInfo? failure = null;
        var others = new Thread[Math.Max(0, threads - 1)];
        for (int i = 0; i < others.Length; i++)
        {
            others[i] = new Thread(Guarded) { IsBackground = true, Name = "daphne file" };
            others[i].Start();
        }
        Guarded();
        foreach (var other in others) other.Join();
        failure?.Throw();

        void Guarded()
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                // Thrown again above, on the thread that asked.
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
            }
        }
    }
}
