using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Daphne.Net.Distributed;

/// <summary>How a process hosts a worker.</summary>
public sealed record WorkerHostOptions
{
    /// <summary>Where to listen: <c>HOST:PORT</c>; port 0 takes a free one. An address that is not loopback needs an <see cref="Identity"/>, or <see cref="AllowInsecure"/>.</summary>
    public required string Listen { get; init; }

    /// <summary>Where the port is taken, so many behind it are tried, one after the other. 0 (the default): none, that is an error.</summary>
    public int NextPorts { get; init; }

    /// <summary>Who the worker is in its cluster: encrypts, and lets only members of the cluster in. Null: cleartext.</summary>
    public PeerIdentity? Identity { get; init; }

    /// <summary>The secret every caller must know, see <see cref="TokenFile"/>. Null only together with <see cref="Identity"/> or <see cref="AllowInsecure"/>: callers need none then.</summary>
    public string? Token { get; init; }

    /// <summary>Consent to callers without a token (the original's coordinator has none), and to addresses other machines can reach. Logged.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>
    /// Offers connections of their own for values, on a further port of the same address (any free one) and, to processes of the same user on this machine, on a local socket.
    /// Default true; without it values travel over gRPC, which takes longer.
    /// </summary>
    public bool DataPlane { get; init; } = true;

    /// <summary>Threads that compute one fragment; 0 (the default): one per core.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Fragments that run at the same time; 0 (the default): one per four threads, 2 to 8. One of them has all threads, the others, meanwhile, one each: few of them keep the cores
    /// busy and not more than busy.
    /// </summary>
    public int Lanes { get; init; }

    /// <summary>
    /// Most bytes of values held at once; 0 (the default): three quarters of the memory of the machine, or of what its container or job allows. What is beyond is refused with a clear
    /// error.
    /// </summary>
    public long ByteLimit { get; init; }

    /// <summary>What else the worker takes on at most.</summary>
    public WorkerLimits Limits { get; init; } = new();

    /// <summary>Looks at the memory; null: as the system tells it.</summary>
    internal MemoryGauge? Memory { get; init; }

    /// <summary>
    /// Folders whose files the worker reads itself where a coordinator with the same files asks it to, instead of being sent their content. Relative ones count from the current
    /// directory; symbolic links count as what they lead to. Default: none.
    /// </summary>
    public IReadOnlyList<string> FilesRoots { get; init; } = [];

    /// <summary>The cluster the worker belongs to; empty: none in particular.</summary>
    public string ClusterId { get; init; } = "";

    /// <summary>A process whose end ends the worker; recognised by its start time, so that another process with its number does not count. Null: none.</summary>
    public int? ParentProcessId { get; init; }

    /// <summary>Where end of file ends the worker: the standard input of a worker whose parent holds the other end. What is read is ignored. Null: nowhere.</summary>
    public TextReader? Input { get; init; }

    /// <summary>
    /// The worker ends when nobody has called for so long: whoever computes here calls all the time, except the original's coordinators, for which a running fragment speaks. Null (the
    /// default): it waits for ever.
    /// </summary>
    public TimeSpan? DeadMan { get; init; }

    /// <summary>How long calls under way may take to end when the worker stops. Default 15 seconds.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Where <c>Started Distributed Worker on HOST:PORT</c> is printed once it listens. Null (the default): nowhere.</summary>
    public TextWriter? Output { get; init; }

    /// <summary>Measures silence, leases and deadlines.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the worker logs.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>Without the secret, which a record would print.</summary>
    public override string ToString() => $"{nameof(WorkerHostOptions)} {{ Listen = {Listen}, Token = {(Token is null ? "none" : "hidden")}, AllowInsecure = {AllowInsecure} }}";
}
