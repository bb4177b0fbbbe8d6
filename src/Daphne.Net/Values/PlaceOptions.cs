using Daphne.Net.Distributed;

namespace Daphne.Net;

/// <summary>How a value is placed; see <see cref="DaphneCluster.PlaceAsync"/>.</summary>
public sealed record PlaceOptions
{
    /// <summary>What is sent at once. Default: to each worker its rows.</summary>
    public PlaceLayout Layout { get; init; }

    /// <summary>The <see cref="RunOptions.Dispatch"/> of the runs to come, which cut rows alike. Default: one call at a time per worker.</summary>
    public DispatchMode Dispatch { get; init; }
}
