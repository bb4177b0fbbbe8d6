namespace Grpc.Core;

/// <summary>What a handler can know and say beside the messages.</summary>
abstract class ServerCallContext
{
    /// <summary>The path of the method.</summary>
    public abstract string Method { get; }

    /// <summary>The client's address, <c>ipv4:…:port</c>.</summary>
    public abstract string Peer { get; }

    /// <summary>Its address; null where it has none.</summary>
    public virtual System.Net.IPAddress? PeerAddress => null;

    /// <summary>When the client gives up, in UTC; <see cref="DateTime.MaxValue"/> if never.</summary>
    public abstract DateTime Deadline { get; }

    public abstract Metadata RequestHeaders { get; }

    /// <summary>Cancelled at the deadline, when the client cancels, and when it is gone.</summary>
    public abstract CancellationToken CancellationToken { get; }

    public abstract Metadata ResponseTrailers { get; }

    /// <summary>How the call ends if the handler returns.</summary>
    public abstract Status Status { get; set; }

    public abstract Task WriteResponseHeadersAsync(Metadata responseHeaders);
}
