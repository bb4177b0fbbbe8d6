using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>Turns what HttpClient throws into the status a caller branches on.</summary>
static class CallFailure
{
    const long ProtocolError = 1;

    /// <param name="e">What was thrown.</param>
    /// <param name="committed">True once response headers came: the server has begun to answer.</param>
    public static (Status Status, Metadata Trailers) Explain(Exception e, bool committed)
    {
        if (e is RpcException rpc) return (rpc.Status, rpc.Trailers);
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is AuthenticationException stranger) return (new Status(StatusCode.Unauthenticated, stranger.InnerException?.Message ?? stranger.Message, e), Metadata.Empty);
            if (inner is HttpProtocolException protocol)
            {
                // A GOAWAY or a reset without an error that ends a call before its answer: the peer is going away. And HttpClient calls an unanswered
                // ping a protocol error; a peer that really commits one cannot be talked to either.
                bool gone = protocol.ErrorCode == 0 && !committed || protocol.ErrorCode == ProtocolError;
                var code = gone ? StatusCode.Unavailable : StatusMapping.FromHttp2Error(protocol.ErrorCode);
                return (new Status(code, $"HTTP/2 error 0x{protocol.ErrorCode:x}: {protocol.Message}", e), Metadata.Empty);
            }
        }
        bool lost = e is HttpRequestException or IOException or OperationCanceledException or SocketException or ObjectDisposedException;
        string text = e.InnerException is { } cause && !e.Message.Contains(cause.Message, StringComparison.Ordinal) ? $"{e.Message} ({cause.Message})" : e.Message;
        return (new Status(lost ? StatusCode.Unavailable : StatusCode.Internal, text, e), Metadata.Empty);
    }
}
