using Grpc.Core;

namespace Daphne.Net.Distributed.Protocol;

/// <summary>Refusals as statuses and back.</summary>
static class FailureStatus
{
    /// <summary>What a worker answers. The failure itself travels as a trailer.</summary>
    public static RpcException ToRpc(WorkerRefusal refusal, bool computing = false) => new(
        new Status(refusal.Reason switch
        {
            WorkerFailure.UnknownHandle or WorkerFailure.SessionLost => StatusCode.NotFound,
            WorkerFailure.TooLarge or WorkerFailure.Busy => StatusCode.ResourceExhausted,
            WorkerFailure.Superseded or WorkerFailure.FileUnlike or WorkerFailure.PeerUnreachable => StatusCode.FailedPrecondition,
            WorkerFailure.FileDenied => StatusCode.PermissionDenied,
            WorkerFailure.Unauthenticated => StatusCode.Unauthenticated,
            WorkerFailure.ComputeFailed => StatusCode.Aborted,
            WorkerFailure.BadRequest => computing ? StatusCode.Aborted : StatusCode.InvalidArgument,   // as the original answers
            WorkerFailure.Cancelled => StatusCode.Cancelled,
            _ => StatusCode.Internal,
        }, refusal.Message),
        new Metadata { { Keys.Failure, refusal.Reason.ToString() } });

    /// <summary>What a client makes of an answer; a peer of the original sends no trailer.</summary>
    public static WorkerException ToWorker(WorkerIdentity worker, RpcException e)
    {
        var reason = Enum.TryParse(e.Trailers.GetValue(Keys.Failure), out WorkerFailure told) && Enum.IsDefined(told) ? told : e.StatusCode switch
        {
            StatusCode.Unavailable => WorkerFailure.Unreachable,
            StatusCode.DeadlineExceeded => WorkerFailure.TimedOut,
            StatusCode.Unauthenticated or StatusCode.PermissionDenied => WorkerFailure.Unauthenticated,
            StatusCode.NotFound => WorkerFailure.UnknownHandle,
            StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange or StatusCode.Unimplemented => WorkerFailure.BadRequest,
            StatusCode.ResourceExhausted => WorkerFailure.TooLarge,
            StatusCode.Aborted => WorkerFailure.ComputeFailed,
            StatusCode.Cancelled => WorkerFailure.Cancelled,
            _ => WorkerFailure.Internal,
        };
        string detail = e.Status.Detail.Length > 0 ? e.Status.Detail : e.StatusCode.ToString();
        return new(worker, reason, reason == WorkerFailure.Unreachable ? $"not reachable: {detail}" : detail, e);
    }
}
