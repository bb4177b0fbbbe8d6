using Grpc.Core;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>How a call ended; set once, by whoever learns it first.</summary>
sealed class CallOutcome
{
    readonly TaskCompletionSource<(Status Status, Metadata Trailers)> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the call and never fails.</summary>
    public Task<(Status Status, Metadata Trailers)> Ended => ended.Task;

    public bool IsSet => ended.Task.IsCompleted;

    public (Status Status, Metadata Trailers) Value => IsSet ? ended.Task.Result : throw new InvalidOperationException("the call has not ended");

    public bool TrySet(Status status, Metadata trailers) => ended.TrySetResult((status, trailers));

    /// <summary>The end as an exception; only after it was set.</summary>
    public RpcException ToException() => new(Value.Status, Value.Trailers);
}
