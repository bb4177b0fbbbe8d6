using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>What the driver knows of a piece beside its lineage.</summary>
/// <param name="Origin">The pipeline it belongs to, for errors.</param>
/// <param name="Rows">In words for errors: <c>rows 5 to 9</c>; null for what everybody gets.</param>
/// <param name="Recorder">Makes the calls about it, and counts them.</param>
sealed record PieceInfo(Pipeline Origin, string? Rows, PipelineRecorder Recorder)
{
    /// <summary>Changes once, when what was made on workers lies here too.</summary>
    public required PieceSource Source { get; set; }

    /// <summary>Of a result: its type.</summary>
    public IrType? Type { get; init; }

    /// <summary>Of a result that was made: its shape.</summary>
    public (long Rows, long Cols) Shape { get; set; }

    /// <summary>Of a small value that goes with the computations that need it: its bytes, once it was needed.</summary>
    public CallValue? Carried { get; set; }

    /// <summary>Of a large value that every worker gets: how it spreads.</summary>
    public Broadcast? Spreading { get; set; }

    /// <summary>The same, where workers hand it on while it comes.</summary>
    public ChainedBroadcast? Chain { get; set; }

    /// <summary>Of what the host keeps for the sake of lineage alone: about how many bytes.</summary>
    public long Retained { get; set; }

    /// <summary>Who made it last.</summary>
    public WorkerIdentity? Maker { get; set; }
}

/// <summary>A result on workers.</summary>
/// <param name="Id">The piece.</param>
/// <param name="Rows">Its number of rows.</param>
/// <param name="Cols">Its number of columns.</param>
/// <param name="Taker">Whose range it is, see <see cref="Cut.Takers"/>.</param>
readonly record struct PlacedPart(int Id, long Rows, long Cols, int Taker);
