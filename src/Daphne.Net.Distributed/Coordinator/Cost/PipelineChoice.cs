using System.Collections.Immutable;
using System.Runtime.CompilerServices;
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
    public virtual void RanThere(Pipeline pipeline, PipelineRecorder recorder, IReadOnlyList<DataObject> results) { }

    /// <summary>It ran here, all its inputs being here.</summary>
    public virtual void RanHere(Pipeline pipeline, TimeSpan took, IReadOnlyList<DataObject> results) { }

    public static PipelineChoice For(DistributionRule rule, WorkerSet workers, int cores) => rule == DistributionRule.Always ? new Everything() : new ByCost(workers, cores);

    sealed class Everything : PipelineChoice
    {
        // Moving more takes longer than most of what can be done with it here.
        const double FewCells = 1 << 16;

        static readonly object mark = new();

        // What was added up here from parts of workers, and what was made of it here.
        readonly ConditionalWeakTable<DataObject, object> sums = [];

        public override PipelineDecision Decide(Pipeline pipeline, ReadOnlySpan<Datum> inputs, SplitPlan plan, RunDriver? run, ImmutableArray<WorkerIdentity> workers) => IsAboutSums(inputs, plan)
            ? new(pipeline.Span, pipeline.Describe(), false, "asked for, but small, and what it takes was added up here from parts of workers")
            : new(pipeline.Span, pipeline.Describe(), true, "asked for: all that can be split goes to the workers");

        public override void RanThere(Pipeline pipeline, PipelineRecorder recorder, IReadOnlyList<DataObject> results)
        {
            foreach (var result in results)
                if (result is not IPlaced) sums.AddOrUpdate(result, mark);
        }

        public override void RanHere(Pipeline pipeline, TimeSpan took, IReadOnlyList<DataObject> results)
        {
            foreach (var result in results) sums.AddOrUpdate(result, mark);
        }

        bool IsAboutSums(ReadOnlySpan<Datum> inputs, SplitPlan plan)
        {
            bool any = false;
            double cells = 0;
            for (int i = 0; i < inputs.Length; i++)
            {
                if (inputs[i].IsScalar) continue;
                if (inputs[i].Object is not Matrix matrix || matrix is IPlaced { Placement.Fetched: null } or IInFile) return false;
                cells += (double)matrix.Rows * matrix.Cols;
                any |= plan.IsSplit(i) && sums.TryGetValue(matrix, out _);
            }
            return any && cells <= FewCells;
        }
    }
}
