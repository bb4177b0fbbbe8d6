namespace Grpc.Core;

/// <summary>What a client says beside the message. The deadline is absolute, in UTC.</summary>
readonly record struct CallOptions(Metadata? Headers = null, DateTime? Deadline = null, CancellationToken CancellationToken = default)
{
    /// <summary>How long the call may take; ours, and before <see cref="Deadline"/>, because a wall clock may be set while a call runs.</summary>
    public TimeSpan? Timeout { get; init; }
}
