namespace Grpc.Core;

/// <summary>How a call ended, by the protocol's numbers.</summary>
enum StatusCode
{
    OK = 0, Cancelled = 1, Unknown = 2, InvalidArgument = 3, DeadlineExceeded = 4, NotFound = 5, AlreadyExists = 6, PermissionDenied = 7,
    ResourceExhausted = 8, FailedPrecondition = 9, Aborted = 10, OutOfRange = 11, Unimplemented = 12, Internal = 13, Unavailable = 14,
    DataLoss = 15, Unauthenticated = 16,
}

/// <summary>How a call ended, and the peer's words about it.</summary>
readonly struct Status(StatusCode statusCode, string detail, Exception? debugException = null)
{
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    public StatusCode StatusCode { get; } = statusCode;
    public string Detail { get; } = detail;
    public Exception? DebugException { get; } = debugException;

    public override string ToString() => Detail.Length == 0 ? StatusCode.ToString() : $"{StatusCode}: {Detail}";
}

/// <summary>A call that did not end OK.</summary>
sealed class RpcException(Status status, Metadata trailers) : Exception(status.ToString(), status.DebugException)
{
    public RpcException(Status status) : this(status, Metadata.Empty) { }

    public RpcException(StatusCode code, string detail, Exception? inner = null) : this(new Status(code, detail, inner)) { }

    public Status Status { get; } = status;
    public StatusCode StatusCode => Status.StatusCode;
    public Metadata Trailers { get; } = trailers;
}
