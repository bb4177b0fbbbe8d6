namespace Daphne.Net.Distributed.Grpc;

/// <summary>How a client talks to a server.</summary>
sealed record GrpcChannelOptions
{
    public MessageLimits Limits { get; init; } = MessageLimits.Default;

    /// <summary>Sent as <c>authorization: Bearer …</c> with each call; null for peers that ask for none.</summary>
    public string? BearerToken { get; init; }

    /// <summary>Encrypts, and talks only to members of its cluster; null: cleartext.</summary>
    public PeerIdentity? Identity { get; init; }

    /// <summary>Makes the connection to a host and port, for instance through a tunnel; null: TCP from here.</summary>
    public Func<string, int, CancellationToken, ValueTask<Stream>>? Connect { get; init; }

    /// <summary>How long a connection may take to come up. A call's own deadline may end it earlier.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Pings on a connection with calls under way, so that a peer that vanished without a word is noticed. Null (the default) is right for foreign
    /// peers: grpcio answers pings more often than every 5 minutes by ending the connection ("too many pings").
    /// </summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>How long a ping may stay unanswered; at least a second.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Measures deadlines.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
