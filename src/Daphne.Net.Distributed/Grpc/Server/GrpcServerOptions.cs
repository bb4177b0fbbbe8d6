using System.Net;
using Microsoft.Extensions.Logging;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>Where and how a server listens.</summary>
sealed record GrpcServerOptions
{
    /// <summary>Address and port; port 0 takes a free one.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Decides who may call; null: everybody.</summary>
    public BearerGate? Gate { get; init; }

    /// <summary>Encrypts, and lets only members of its cluster in; null: cleartext.</summary>
    public PeerIdentity? Identity { get; init; }

    /// <summary>Counts those who are not let in; null: nobody counts.</summary>
    public Refusals? Refusals { get; init; }

    public MessageLimits Limits { get; init; } = MessageLimits.Default;

    /// <summary>Measures deadlines.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public required ILogger Log { get; init; }
}
