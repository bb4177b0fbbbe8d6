using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>Who says, for one run, which pipelines go to the workers. Whatever it says, results are the same to the last bit. Used by the thread that runs the script.</summary>
abstract class PipelineChoice
{
    /// <summary>Whether it goes to the workers, and why.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="inputs">What it is given.</param>
    /// <param name="plan">How it would be split.</param>
    /// <param name="run">The run, once something has been sent to workers for it.</param>
    /// <param name="workers">Who would compute.</param>
    public abstract PipelineDecision Decide(Pipeline pipeline, ReadOnlySpan<Datum> inputs, SplitPlan plan, RunDriver? run, ImmutableArray<WorkerIdentity> workers);

    /// <summary>It ran on workers; what it moved may still grow.</summary>
    public virtual void RanThere(Pipeline pipeline, PipelineRecorder recorder) { }

    /// <summary>It ran here, all its inputs being here.</summary>
    public virtual void RanHere(Pipeline pipeline, TimeSpan took) { }

    public static PipelineChoice For(DistributionRule rule, WorkerSet workers, int cores) => rule == DistributionRule.Always ? new Everything() : new ByCost(workers, cores);

    sealed class Everything : PipelineChoice
    {
        public override PipelineDecision Decide(Pipeline pipeline, ReadOnlySpan<Datum> inputs, SplitPlan plan, RunDriver? run, ImmutableArray<WorkerIdentity> workers) =>
            new(pipeline.Span, pipeline.Describe(), true, "asked for: all that can be split goes to the workers");
    }
}
