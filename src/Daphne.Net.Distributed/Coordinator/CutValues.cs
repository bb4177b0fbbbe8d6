using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>
/// A matrix made here by a pipeline that might have been run on workers, with the ranges it would have there: how many rows each range gave depends on the data, and pipelines that follow
/// are to have the bits of a run on workers.
/// </summary>
sealed class CutMatrix : Matrix, ICut
{
    readonly Matrix here;
    readonly Cut cut;
    readonly DistributedBackend run;

    /// <summary>It takes over the one owner of the matrix.</summary>
    public CutMatrix(Matrix here, Cut cut, DistributedBackend run) : base(here.Rows, here.Cols)
    {
        (this.here, this.cut, this.run) = (here, cut, run);
        here.Retain();   // as long as this object is shared, nobody overwrites the cells
    }

    public override ValueTypeCode ValueType => here.ValueType;

    public Cut? CutIn(DistributedBackend backend) => backend == run ? cut : null;

    /// <inheritdoc/>
    public override Matrix Here() => here;

    /// <inheritdoc/>
    protected override void Free()
    {
        here.Release();
        here.Release();
    }
}

/// <summary>The same of a frame.</summary>
sealed class CutFrame : Frame, ICut
{
    readonly Frame here;
    readonly Cut cut;
    readonly DistributedBackend run;

    /// <summary>It takes over the one owner of the frame.</summary>
    public CutFrame(Frame here, Cut cut, DistributedBackend run) : base(here.Rows, here.Cols) => (this.here, this.cut, this.run) = (here, cut, run);

    public Cut? CutIn(DistributedBackend backend) => backend == run ? cut : null;

    /// <inheritdoc/>
    public override Frame Here() => here;

    /// <inheritdoc/>
    protected override void Free() => here.Release();
}
