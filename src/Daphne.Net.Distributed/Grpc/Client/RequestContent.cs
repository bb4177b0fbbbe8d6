using System.Net;
using System.Net.Http;
using Grpc.Core;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>The body of a request.</summary>
abstract class RequestContent : HttpContent
{
    protected RequestContent() => Headers.TryAddWithoutValidation("Content-Type", HeaderText.ContentType);

    /// <summary>Tells a body that still runs that the call is over.</summary>
    public virtual void End() { }

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected abstract override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken ct);

    protected sealed override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected static async ValueTask SendAsync(Stream stream, OutgoingMessage message, CancellationToken ct)
    {
        await stream.WriteAsync(message.Head, ct).ConfigureAwait(false);
        foreach (var piece in message.Tail) await stream.WriteAsync(piece, ct).ConfigureAwait(false);
    }
}

/// <summary>A request of one message. HttpClient may ask for it again (refused stream, lost race for a connection).</summary>
/// <param name="marshaller">Writes the message.</param>
/// <param name="request">The message.</param>
/// <param name="limits">How large it may be.</param>
/// <param name="stop">The call's own token: HttpClient forgets the one it was given once the response headers are in.</param>
sealed class SingleRequest<T>(Marshaller<T> marshaller, T request, MessageLimits limits, CancellationToken stop) : RequestContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken ct)
    {
        using var message = OutgoingMessage.Create(marshaller, request, limits);
        using var link = CancellationTokenSource.CreateLinkedTokenSource(ct, stop);
        await SendAsync(stream, message, link.Token).ConfigureAwait(false);
    }
}
