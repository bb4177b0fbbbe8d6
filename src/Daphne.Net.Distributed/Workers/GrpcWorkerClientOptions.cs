using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Daphne.Net.Distributed;

/// <summary>How a coordinator talks to a worker over gRPC.</summary>
public sealed record GrpcWorkerClientOptions
{
    /// <summary>Who we are in the worker's cluster: encrypts, and talks only to its members. Null: cleartext.</summary>
    public PeerIdentity? Identity { get; init; }

    /// <summary>Makes the connection to the worker's host and port, for instance through a tunnel. Null (the default): TCP from here.</summary>
    public Func<string, int, CancellationToken, ValueTask<Stream>>? Connect { get; init; }

    /// <summary>The secret the worker asks for, see <see cref="TokenFile"/>. Null only together with <see cref="Identity"/> or <see cref="AllowInsecure"/>.</summary>
    public string? Token { get; init; }

    /// <summary>Consent to a worker that neither asks for a token nor knows ours: one of the original. Logged.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>
    /// Values travel to and from our own workers over connections of their own, several times as fast as over gRPC; where none comes up they go over gRPC. Default true.
    /// </summary>
    public bool DataPlane { get; init; } = true;

    /// <summary>Workers behind <see cref="Connect"/> reach each other under the same names: they may hand values on. Default false. Without a <see cref="Connect"/> they may be tried.</summary>
    public bool PeersMeet { get; init; }

    /// <summary>Workers may read files they share with us, below the folders they were given, instead of being sent their content. Default true.</summary>
    public bool ReadFiles { get; init; } = true;

    /// <summary>Those connections use a local socket where the worker is on this machine.</summary>
    internal bool LocalSockets { get; init; } = true;

    /// <summary>Bytes of value per message of a Store over gRPC; default 1 MiB. The original's <c>--max-distr-chunk-size</c>.</summary>
    public int ChunkBytes { get; init; } = 1 << 20;

    /// <summary>
    /// How long a connection with calls under way may be silent before the worker is asked for a sign of life; one that does not answer within half of it
    /// is <see cref="WorkerFailure.Unreachable"/>. Default 20 seconds, at least 2. Not used towards workers without a token: grpcio hangs up on whom it finds too curious.
    /// </summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A worker that has not heard from us for so long frees what we placed there: we are dead. Default 5 minutes, longer than a pause in a debugger. While we
    /// live it hears from us at least ten times as often.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The time between two signs of life, asked for and given. Null (the default): 2 seconds, or a tenth of a shorter <see cref="Lease"/>.</summary>
    public TimeSpan? Beat { get; init; }

    /// <summary>Beats a worker may leave unanswered before it is <see cref="WorkerHealth.Silent"/>. Default 3. A connection that breaks says so at once.</summary>
    public int MissedBeats { get; init; } = 3;

    internal TimeSpan BeatInterval => Beat ?? (Lease < TimeSpan.FromSeconds(20) ? Lease / 10 : TimeSpan.FromSeconds(2));

    /// <summary>The cluster the worker must belong to; empty: any.</summary>
    public string ClusterId { get; init; } = "";

    /// <summary>The claim to own the worker. Null (the default): a guest, beside whoever owns it.</summary>
    public CoordinatorClaim? Claim { get; init; }

    /// <summary>Where consent to insecure peers is noted.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>Without the secret, which a record would print.</summary>
    public override string ToString() => $"{nameof(GrpcWorkerClientOptions)} {{ ClusterId = {ClusterId}, Token = {(Token is null ? "none" : "hidden")}, AllowInsecure = {AllowInsecure} }}";
}
