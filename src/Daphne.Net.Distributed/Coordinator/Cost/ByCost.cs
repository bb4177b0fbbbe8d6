using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>
/// Asks <see cref="CostRule"/> about each pipeline of a run, and remembers what it needs for that: what machines and links were measured to do, and what it
/// would have been worth to have a matrix on the workers. Used by the thread that runs the script.
/// </summary>
/// <param name="set">The workers.</param>
/// <param name="cores">Threads that compute here.</param>
sealed class ByCost(WorkerSet set, int cores) : PipelineChoice
{
    readonly ConditionalWeakTable<DataObject, StrongBox<double>> credits = [];
    readonly Dictionary<Pipeline, (Extent[] Inputs, PipelineWork Work)> estimates = [];
    // What runs for the first time is compiled first, here or there: its time says nothing of the machine.
    readonly HashSet<(Pipeline Pipeline, bool There)> warm = [];
    CostMeter? meter;
    int carries;   // bytes of values that need no calls of their own
    ImmutableArray<WorkerIdentity> known = [];
    (double Work, PipelineRecorder Recorder)? last;

    public override PipelineDecision Decide(Pipeline pipeline, ReadOnlySpan<Datum> inputs, SplitPlan plan, RunDriver? run, ImmutableArray<WorkerIdentity> workers)
    {
        var now = MeterOf(workers);
        // Also what was fetched since: it is known only now.
        if (last is { } before) now.RanThere(before.Work, before.Recorder.Links);
        last = null;
        var work = WorkOf(pipeline, inputs);
        carries = set.Seats.Min(s => s.Client.Carries);
        var about = ImmutableArray.CreateBuilder<CostInput>(inputs.Length);
        for (int i = 0; i < inputs.Length; i++) about.Add(InputOf(inputs[i], plan, plan.IsSplit(i), run));
        double collected = 0;
        for (int r = 0; r < pipeline.Combines.Length; r++)
            if (PipelinePieces.IsFold(pipeline.Combines[r]) && sizeof(double) * work.Results[r].Stored is var bytes && bytes > carries) collected += bytes * plan.Ranges.Length;
        var answer = CostRule.Decide(new(work.Nanoseconds, plan.Ranges.Length, about.MoveToImmutable(), collected, now.Speeds));
        if (!answer.Distributed) Earn(inputs, plan, run, answer.Saved);
        return new(pipeline.Span, pipeline.Describe(), answer.Distributed, answer.Why);
    }

    public override void RanThere(Pipeline pipeline, PipelineRecorder recorder, IReadOnlyList<DataObject> results) => last = (warm.Add((pipeline, true)) ? 0 : estimates[pipeline].Work.Nanoseconds, recorder);

    public override void RanHere(Pipeline pipeline, TimeSpan took, IReadOnlyList<DataObject> results)
    {
        if (!warm.Add((pipeline, false))) meter!.RanHere(estimates[pipeline].Work.Nanoseconds, took);
    }

    CostMeter MeterOf(ImmutableArray<WorkerIdentity> workers)
    {
        if (meter is not null && known.SequenceEqual(workers)) return meter;
        known = workers;
        double machines = CostMeter.MachinesOf(workers);
        return meter = meter?.On(machines) ?? new(cores, machines);
    }

    PipelineWork WorkOf(Pipeline pipeline, ReadOnlySpan<Datum> inputs)
    {
        var extents = new Extent[inputs.Length];
        for (int i = 0; i < inputs.Length; i++) extents[i] = Extent.Of(inputs[i]);
        if (estimates.TryGetValue(pipeline, out var before) && before.Inputs.AsSpan().SequenceEqual(extents)) return before.Work;
        var work = WorkEstimate.Of(pipeline.Operation.Regions[0].Block, extents);
        estimates[pipeline] = (extents, work);
        return work;
    }

    CostInput InputOf(in Datum value, SplitPlan plan, bool split, RunDriver? run)
    {
        if (value.IsScalar) return new(ValueSize.Of(value), plan.Ranges.Length, There: ValueSize.Of(value) <= carries, Here: true);
        // Of texts only their number, which is known at once.
        double bytes = value.Object is Matrix { ValueType: ValueTypeCode.Str } texts ? texts.Cells * 32.0 : ValueSize.Of(value.Object);
        // Large ones are handed on from worker to worker.
        int copies = split ? 1 : bytes >= Broadcast.WorthIt ? Math.Min(2, plan.Ranges.Length) : plan.Ranges.Length;
        var (there, here) = value.Object switch
        {
            IPlaced { Placement: var placed } => ((split && placed.Run == run && placed.HasRangesOf(plan)) || Missing(placed.Fetched) == 0, placed.Fetched is not null),
            IInFile => (true, true),   // whoever computes reads it
            ICut => (Missing(value.Object.Here()) == 0, true),
            var other => (Missing(other) == 0, true),
        };
        there |= here && (split ? bytes / plan.Ranges.Length : bytes) <= carries;
        // After the loss of a worker only its rows are sent again.
        if (!there && here) bytes *= Missing(value.Object is IPlaced fetched ? fetched.Placement.Fetched : value.Object.Here());
        return new(bytes, copies, there, here, credits.TryGetValue(value.Object, out var credit) ? credit.Value : 0);

        double Missing(DataObject? cells) => cells?.Companion is HostCopies known && known.Workers == set ? known.Missing(split ? plan.CellRanges : [CellRange.All]) : 1;
    }

    // What would have been saved is earned by what was not there, by its size.
    void Earn(ReadOnlySpan<Datum> inputs, SplitPlan plan, RunDriver? run, double saved)
    {
        if (saved <= 0) return;
        double total = 0;
        var bytes = new double[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            var input = InputOf(inputs[i], plan, plan.IsSplit(i), run);
            if (!input.There && !inputs[i].IsScalar) total += bytes[i] = input.Bytes * input.Copies;
        }
        for (int i = 0; i < inputs.Length; i++)
            if (bytes[i] > 0) credits.GetOrCreateValue(inputs[i].Object).Value += saved * bytes[i] / total;
    }
}
