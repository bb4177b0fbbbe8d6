using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>What a run did, for reports. Backends add the pipelines they ran.</summary>
public sealed class RunStatistics
{
    readonly List<PipelineRun> pipelines = [];
    // Made by the first region: generic code over value types is compiled when it is first used, and hardly any script has one.
    Dictionary<string, (long Begin, int Pipelines)>? open;
    readonly List<RegionRun> regions = [];
    readonly List<string> notes = [];
    PipelineDecision? last;
    List<PipelineRun>? parts;

    /// <summary>The regions between <c>startProfiling</c> and <c>stopProfiling</c>, in order of their end.</summary>
    public IReadOnlyCollection<RegionRun> Regions
    {
        get
        {
            lock (pipelines) return regions.ToArray();
        }
    }

    /// <summary>Begins a region.</summary>
    /// <exception cref="RaisedException">It is open already.</exception>
    public void Begin(string region, TimeProvider time)
    {
        lock (pipelines)
            if (!(open ??= new(StringComparer.Ordinal)).TryAdd(region, (time.GetTimestamp(), pipelines.Count))) throw Diag.RegionOpen.Raise(region);
    }

    /// <summary>Ends a region.</summary>
    /// <exception cref="RaisedException">It is not open.</exception>
    public void End(string region, TimeProvider time)
    {
        lock (pipelines)
        {
            if (open is null || !open.Remove(region, out var begun)) throw Diag.RegionNotOpen.Raise(region);
            regions.Add(new(region, time.GetElapsedTime(begun.Begin), pipelines.Count - begun.Pipelines));
        }
    }

    /// <summary>The pipelines that were run until now, in order of their end.</summary>
    public IReadOnlyCollection<PipelineRun> Pipelines
    {
        get
        {
            lock (pipelines) return pipelines.ToArray();
        }
    }

    /// <summary>What else is worth knowing of the run, a sentence each: why something took a longer way than it might.</summary>
    public IReadOnlyCollection<string> Notes
    {
        get
        {
            lock (pipelines) return notes.ToArray();
        }
    }

    /// <summary>Adds a sentence.</summary>
    public void Note(string text)
    {
        lock (pipelines) notes.Add(text);
    }

    /// <summary>Raised for each pipeline that has ended, on the thread that ran it.</summary>
    public event Action<PipelineRun>? Ended;

    /// <summary>Raised where it has been decided who runs the next pipeline, on the thread that runs the script.</summary>
    public event Action<PipelineDecision>? Decided;

    /// <summary>Says who runs the next pipeline, and why.</summary>
    public void Decide(PipelineDecision decision)
    {
        lock (pipelines) last = decision;
        Decided?.Invoke(decision);
    }

    /// <summary>What is added meanwhile are the parts of one pipeline, one after the other: it is added as one.</summary>
    public void AsOne(Action run)
    {
        List<PipelineRun> gathered = [];
        lock (pipelines) parts = gathered;
        try
        {
            run();
        }
        finally
        {
            lock (pipelines) parts = null;
        }
        if (gathered.Count > 0)
            Add(gathered[0] with { Rows = gathered.Sum(p => p.Rows), Tasks = gathered.Sum(p => p.Tasks), Elapsed = TimeSpan.FromTicks(gathered.Sum(p => p.Elapsed.Ticks)) });
    }

    /// <summary>Adds a pipeline; what was decided of it before goes with it.</summary>
    public void Add(PipelineRun run)
    {
        lock (pipelines)
        {
            if (parts is not null)
            {
                parts.Add(run);
                return;
            }
            if (run.Why.Length == 0 && last?.Span == run.Span) run = run with { Why = last.Why };
            last = null;
            pipelines.Add(run);
        }
        Ended?.Invoke(run);
    }
}

/// <summary>A region of a script as it was run; one in a loop stands there once per round.</summary>
/// <param name="Name">What the script calls it.</param>
/// <param name="Elapsed">From <c>startProfiling</c> to <c>stopProfiling</c>.</param>
/// <param name="Pipelines">How many pipelines ended meanwhile.</param>
public sealed record RegionRun(string Name, TimeSpan Elapsed, int Pipelines);

/// <summary>One pipeline as it was run.</summary>
/// <param name="Span">Where in the script it comes from.</param>
/// <param name="Operations">The operations of its body, for instance <c>ewAdd, sumAll</c>.</param>
/// <param name="Rows">Rows of its split inputs; 1 where nothing is split.</param>
/// <param name="Tasks">How many tasks it was cut into.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Where">Who ran it: <c>local</c>, or the workers' names.</param>
public sealed record PipelineRun(SourceSpan Span, string Operations, long Rows, int Tasks, TimeSpan Elapsed, string Where)
{
    /// <summary>What moved between processes for it.</summary>
    public Traffic Traffic { get; init; } = new();

    /// <summary>Why it ran there, in words; empty where nothing was to be decided.</summary>
    public string Why { get; init; } = "";

    /// <summary>Where its time went, and what each worker did; counts on while results are fetched.</summary>
    public PipelineFigures Figures => Recorded?.Invoke() ?? PipelineFigures.Local(Elapsed);

    /// <summary>Gives <see cref="Figures"/>; null for a pipeline that ran here.</summary>
    public Func<PipelineFigures>? Recorded { get; init; }
}

/// <summary>Who runs a pipeline.</summary>
/// <param name="Span">Where in the script it comes from.</param>
/// <param name="Operations">The operations of its body.</param>
/// <param name="Distributed">True for workers, false for this process.</param>
/// <param name="Why">In words, with figures.</param>
public sealed record PipelineDecision(SourceSpan Span, string Operations, bool Distributed, string Why);
