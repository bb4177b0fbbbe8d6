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

    /// <summary>Computes as the coordinator wants it; null: that is not asked.</summary>
    public Func<FragmentOptions, RunFragment>? RunWith { get; init; }

    /// <summary>Called when the worker has ended: what it computed with is not needed any more.</summary>
    public Action Ended { get; init; } = () => { };

    /// <summary>
    /// Fragments that run at the same time. One of them has all threads, the others one each; so there are few beside many threads: default one per four, 2 to 8.
    /// </summary>
    public int Lanes { get; init; } = LanesOf(Environment.ProcessorCount);

    public static int LanesOf(int threads) => Math.Clamp(threads / 4, 2, 8);

    /// <summary>Most bytes of values held at once; 0 means no limit.</summary>
    public long ByteLimit { get; init; }

    /// <summary>What else it takes on at most.</summary>
    public WorkerLimits Limits { get; init; } = new();

    /// <summary>How much of the memory is in use; null: not looked at.</summary>
    public MemoryGauge? Memory { get; init; }

    /// <summary>Who it is in its cluster; null: it cannot show that, nor know it of others.</summary>
    public PeerIdentity? Identity { get; init; }

    /// <summary>Folders whose files it may read itself. Default: none.</summary>
    public FileRoots FileRoots { get; init; } = new([]);

    /// <summary>The cluster it belongs to; empty: none in particular.</summary>
    public string ClusterId { get; init; } = "";

    /// <summary>Tells this worker from one that listened at the same address before: process ids are used again.</summary>
    public string Instance { get; } = Guid.NewGuid().ToString("N");

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILogger Log { get; init; } = NullLogger.Instance;
}
