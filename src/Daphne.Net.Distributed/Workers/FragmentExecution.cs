using Daphne.Net.Data;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>
/// How workers run fragments: on an engine of so many threads, which those of one process share, batch by batch of rows. A fragment whose coordinator wants fewer threads gets an
/// engine with so many; a few of these are kept. Thread-safe.
/// </summary>
/// <param name="engine">Its own threads.</param>
sealed class FragmentExecution(TaskEngine engine)
{
    const int MostOthers = 4;

    static readonly Lazy<FragmentExecution> shared = new(() => new(TaskEngine.Shared));

    readonly FragmentRunner own = new(engine);
    readonly OrderedDictionary<FragmentOptions, (TaskEngine Engine, FragmentRunner Runner)> others = [];   // the last used at the end

    /// <summary>On the engine of the process.</summary>
    public static FragmentExecution Shared => shared.Value;

    public static Datum[] Run(string text, IReadOnlyList<Datum> inputs, CancellationToken ct) => Shared.own.Run(text, [.. inputs], ct);

    /// <summary>Runs fragments with all it has.</summary>
    public RunFragment RunOwn => (text, inputs, ct) => own.Run(text, [.. inputs], ct);

    /// <summary>Runs fragments as wanted, within what it has.</summary>
    public RunFragment RunWith(FragmentOptions wanted)
    {
        // Nobody gets more threads than there are, and batches below a page would be all overhead.
        wanted = new() { Threads = wanted.Threads == 0 ? engine.Threads : Math.Min(wanted.Threads, engine.Threads), BatchBytes = wanted.BatchBytes == 0 ? LocalPipelineBackend.DefaultBatchBytes : Math.Max(wanted.BatchBytes, 4096) };
        var runner = wanted.Threads == engine.Threads && wanted.BatchBytes == LocalPipelineBackend.DefaultBatchBytes ? own : Other(wanted);
        return (text, inputs, ct) => runner.Run(text, [.. inputs], ct);
    }

    FragmentRunner Other(FragmentOptions wanted)
    {
        lock (others)
        {
            if (!others.Remove(wanted, out var other))
            {
                if (others.Count >= MostOthers)
                {
                    // A job that is still at work there ends on its caller's thread.
                    if (others.GetAt(0).Value.Engine is var last && last != engine) last.Dispose();
                    others.RemoveAt(0);
                }
                var threads = wanted.Threads == engine.Threads ? engine : new TaskEngine(wanted.Threads);
                other = (threads, new(threads, batchBytes: wanted.BatchBytes));
            }
            others.Add(wanted, other);
            return other.Runner;
        }
    }
}
