using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>Where the pieces of a result lie on workers, and its cells once somebody here needed them. Thread-safe.</summary>
/// <param name="run">Who knows the pieces.</param>
/// <param name="combine">How they are put together: below each other, or beside.</param>
/// <param name="parts">The pieces, in order.</param>
/// <param name="type">Of the whole.</param>
/// <param name="rows">Of the whole.</param>
/// <param name="cols">Of the whole.</param>
/// <param name="origin">The pipeline that made it, for errors.</param>
/// <param name="depth">How many pipelines back something began that the host has.</param>
/// <param name="ct">Ends a fetch.</param>
sealed class Placement(RunDriver run, CombineKind combine, ImmutableArray<PlacedPart> parts, IrType type, long rows, long cols, Pipeline origin, int depth, CancellationToken ct)
{
    readonly Lock gate = new();
    DataObject? here;

    public RunDriver Run => run;

    /// <summary>How many pipelines back something began that the host has; 0 where the host has this.</summary>
    public int Depth => Volatile.Read(ref here) is null ? depth : 0;

    public ImmutableArray<PlacedPart> Parts => parts;

    /// <summary>Its cells, if they have been fetched.</summary>
    public DataObject? Fetched
    {
        get
        {
            lock (gate) return here;
        }
    }

    /// <summary>The ranges of its pieces.</summary>
    public Cut Cut { get; } = combine == CombineKind.Cols
        ? Cut.Of(SplitKind.Cols, parts.Select(p => (p.Cols, p.Taker))) : Cut.Of(SplitKind.Rows, parts.Select(p => (p.Rows, p.Taker)));

    ImmutableArray<int> Ids => [.. parts.Select(p => p.Id)];

    /// <summary>True if the pieces are the ranges that a value of as many rows (or columns) is split into, so that a pipeline over both moves neither.</summary>
    public bool HasRangesOf(SplitPlan plan) => Cut.Axis == plan.Axis && parts.Length == plan.Ranges.Length && Cut.Ranges.SequenceEqual(plan.Ranges);

    /// <summary>The value here, fetched by the first call. The caller does not own it.</summary>
    public DataObject Here()
    {
        lock (gate)
        {
            if (here is not null) return here;
            var values = run.Fetch(Ids, origin, ct);
            try
            {
                here = Assembly.Of(combine, type, rows, cols, values);
                Keep(here, values);
            }
            finally
            {
                foreach (var value in values) value.Release();
            }
            // Several variables may share the object while the cells have one owner, us. A second one keeps them from being overwritten in place.
            here.Retain();
            return here;
        }
    }

    // Ranges stay where they are for the next pipeline; should they be lost, they are sent from here.
    void Keep(DataObject whole, ImmutableArray<DataObject> values)
    {
        if (Cut.Ranges.Length == parts.Length && values.All(v => v.GetType() == whole.GetType()))
            run.Keep(whole, [.. parts.Zip(Cut.Ranges, (p, r) => (p.Id, new CellRange(Cut.Axis, r.First, r.Count)))]);
    }

    /// <summary>Nobody has the value any more.</summary>
    public void Free()
    {
        Drop();
        if (here is null) return;
        here.Release();
        here.Release();
    }

    /// <summary>What lies on workers is given up.</summary>
    public void Drop() => run.Drop(Ids);
}

/// <summary>A value that lies on workers, in pieces, until somebody here needs its cells.</summary>
interface IPlaced : ICut
{
    Placement Placement { get; }
}

/// <summary>A matrix that lies on workers.</summary>
sealed class PlacedMatrix(Placement placement, DistributedBackend owner, ValueTypeCode valueType, long rows, long cols) : Matrix(rows, cols), IPlaced
{
    // One that nobody releases still gives up what lies on workers.
    ~PlacedMatrix() => placement.Drop();

    public override ValueTypeCode ValueType => valueType;

    public Placement Placement => placement;

    public Cut? CutIn(DistributedBackend run) => run == owner ? placement.Cut : null;

    /// <inheritdoc/>
    public override Matrix Here() => (Matrix)placement.Here();

    /// <inheritdoc/>
    protected override void Free()
    {
        GC.SuppressFinalize(this);
        placement.Free();
    }
}

/// <summary>A frame that lies on workers.</summary>
sealed class PlacedFrame(Placement placement, DistributedBackend owner, FrameType type, long rows, int cols) : Frame(rows, cols), IPlaced
{
    ~PlacedFrame() => placement.Drop();

    public override ImmutableArray<string> Labels => type.Labels.IsDefault ? base.Labels : type.Labels;

    public Placement Placement => placement;

    public Cut? CutIn(DistributedBackend run) => run == owner ? placement.Cut : null;

    public override ValueTypeCode ValueType(int index) => type.Columns.IsDefault || type.Columns[index] is not { } known ? base.ValueType(index) : known;

    /// <inheritdoc/>
    public override Frame Here() => (Frame)placement.Here();

    /// <inheritdoc/>
    protected override void Free()
    {
        GC.SuppressFinalize(this);
        placement.Free();
    }
}
