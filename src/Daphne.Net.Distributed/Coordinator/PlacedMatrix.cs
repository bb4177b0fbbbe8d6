using System.Collections.Immutable;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>A matrix that lies on workers, in pieces, until somebody here needs its cells.</summary>
sealed class PlacedMatrix(RunDriver run, CombineKind combine, ImmutableArray<PlacedPart> parts, MatrixType type, long rows, long cols, Pipeline origin, int depth, CancellationToken ct)
    : Matrix(rows, cols)
{
    readonly Lock gate = new();
    readonly ValueTypeCode valueType = type.ValueType!.Value;
    Matrix? here;

    // One that nobody releases still gives up what lies on workers.
    ~PlacedMatrix() => run.Drop(Ids);

    public override ValueTypeCode ValueType => valueType;

    public RunDriver Run => run;

    /// <summary>How many pipelines back something began that the host has; 0 where the host has this.</summary>
    public int Depth => Volatile.Read(ref here) is null ? depth : 0;

    public ImmutableArray<PlacedPart> Parts => parts;

    /// <summary>Its cells, if they have been fetched.</summary>
    public Matrix? Fetched
    {
        get
        {
            lock (gate) return here;
        }
    }

    ImmutableArray<int> Ids => [.. parts.Select(p => p.Id)];

    /// <summary>True if the pieces are the ranges that a value of as many rows (or columns) is split into, so that a pipeline over both moves neither.</summary>
    public bool HasRangesOf(SplitPlan plan) =>
        combine == plan.Combine && parts.Length == plan.Ranges.Length
        && parts.Select((p, i) => (plan.Axis == SplitKind.Cols ? p.Cols : p.Rows) == plan.Ranges[i].Count).All(same => same);

    /// <inheritdoc/>
    public override Matrix Here()
    {
        lock (gate)
        {
            if (here is not null) return here;
            var values = run.Fetch(Ids, origin, ct);
            try
            {
                here = Assembly.Of(combine, type, Rows, Cols, values);
                Keep(here, values);
            }
            finally
            {
                foreach (var value in values) value.Release();
            }
            // Several variables may share this object while the cells have one owner, us. A second one keeps them from being overwritten in place.
            here.Retain();
            return here;
        }
    }

    // Nobody asks for parts that were added up. Ranges stay where they are for the next pipeline; should they be lost, they are sent from here.
    void Keep(Matrix whole, ImmutableArray<Matrix> values)
    {
        if (combine is not (CombineKind.Rows or CombineKind.Cols)) run.Drop(Ids);
        else if (values.All(v => v.GetType() == whole.GetType()))
        {
            var axis = combine == CombineKind.Cols ? SplitKind.Cols : SplitKind.Rows;
            long first = 0;
            run.Keep(whole, [.. parts.Select(p =>
            {
                var range = new CellRange(axis, first, axis == SplitKind.Cols ? p.Cols : p.Rows);
                first += range.Count;
                return (p.Id, range);
            })]);
        }
    }

    /// <inheritdoc/>
    protected override void Free()
    {
        GC.SuppressFinalize(this);
        run.Drop(Ids);
        if (here is null) return;
        here.Release();
        here.Release();
    }
}
