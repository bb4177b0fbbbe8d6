using Daphne.Net.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Daphne.Net.Distributed;

/// <summary>Runs the text of a fragment on values: the caller keeps owning <paramref name="inputs"/> and owns the results.</summary>
delegate Datum[] RunFragment(string text, IReadOnlyList<Datum> inputs, CancellationToken ct);

/// <summary>What a worker may use, and who it is.</summary>
sealed record WorkerServiceOptions
{
    /// <summary>Computes.</summary>
    public required RunFragment Run { get; init; }

    /// <summary>Fragments that run at the same time; each may use more threads inside.</summary>
    public int Lanes { get; init; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>Most bytes of values held at once; 0 means no limit.</summary>
    public long ByteLimit { get; init; }

    /// <summary>Who it is in its cluster; null: it cannot show that, nor know it of others.</summary>
    public PeerIdentity? Identity { get; init; }

    /// <summary>Folders whose files it may read itself. Default: none.</summary>
    public FileRoots FileRoots { get; init; } = new([]);

    /// <summary>The cluster it belongs to; empty: none in particular.</summary>
    public string ClusterId { get; init; } = "";

    /// <summary>Counts how often a worker of this place was started anew; a coordinator obeys none that went backwards.</summary>
    public ulong Generation { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILogger Log { get; init; } = NullLogger.Instance;
}
