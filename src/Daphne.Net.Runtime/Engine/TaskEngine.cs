using System.Diagnostics;

namespace Daphne.Net.Runtime;

/// <summary>
/// Threads of our own that run numbered tasks. Not the thread pool: a process under full load still answers its heartbeat there. Between two jobs the
/// threads spin for a moment before they park, because waking a parked thread costs more than a small job. The calling thread works along.
/// </summary>
public sealed class TaskEngine : IDisposable
{
    // Long enough to bridge the steps between two pipelines of a loop, short enough not to be seen as load.
    static readonly long spin = Stopwatch.Frequency / 20_000;

    readonly Lock starting = new();
    readonly object gate = new();
    [ThreadStatic] static bool inside;
    TaskJob? current;
    int generation, parked;
    bool started, stopped;

    /// <summary>An engine; its threads start with the first job they can share.</summary>
    /// <param name="threads">How many work on a job, the caller counted; 0 (the default) means one per core.</param>
    public TaskEngine(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        Threads = threads == 0 ? Environment.ProcessorCount : threads;
    }

    /// <summary>The engine of the process, with one thread per core.</summary>
    public static TaskEngine Shared => shared.Value;
    static readonly Lazy<TaskEngine> shared = new(() => new());

    /// <summary>How many threads work on a job, the caller counted.</summary>
    public int Threads { get; }

    /// <summary>
    /// Runs tasks 0 … <paramref name="count"/> - 1 to their end; they start in this order. While the engine works for somebody else, or from inside a
    /// task, the caller runs them alone.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; tasks that had begun were finished.</exception>
    /// <remarks>Throws what the first task (in number) that failed threw; tasks behind it may not have run.</remarks>
    public void Run(int count, Action<int> task, CancellationToken ct = default)
    {
        var job = new TaskJob(count, task, ct);
        if (Threads > 1 && count > 1 && !inside && starting.TryEnter())
        {
            try
            {
                if (!started) Start();
                Publish(job);
                Work(job);
                job.Wait();
            }
            finally
            {
                starting.Exit();
            }
        }
        else job.Work();
        job.ThrowIfFailed();
    }

    /// <summary>Lets the threads end once they are done.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopped = true;
            Monitor.PulseAll(gate);
        }
        Interlocked.Increment(ref generation);
    }

    // Most scripts are over before there is work to share.
    void Start()
    {
        started = true;
        for (int i = 1; i < Threads; i++)
            new Thread(Serve) { IsBackground = true, Name = $"daphne engine {i}" }.Start();
    }

    void Publish(TaskJob job)
    {
        lock (gate)
        {
            Volatile.Write(ref current, job);
            Interlocked.Increment(ref generation);
            if (parked > 0) Monitor.PulseAll(gate);
        }
    }

    static void Work(TaskJob job)
    {
        inside = true;
        job.Work();
        inside = false;
    }

    void Serve()
    {
        for (int seen = 0; Next(ref seen) is { } job;) Work(job);
    }

    TaskJob? Next(ref int seen)
    {
        long until = Stopwatch.GetTimestamp() + spin;
        while (Volatile.Read(ref generation) == seen && Stopwatch.GetTimestamp() < until) Thread.SpinWait(20);
        lock (gate)
        {
            while (generation == seen && !stopped)
            {
                parked++;
                Monitor.Wait(gate);
                parked--;
            }
            seen = generation;
            return stopped ? null : current;
        }
    }
}
