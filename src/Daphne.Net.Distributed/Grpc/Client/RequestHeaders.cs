using System.Globalization;
using System.Net;
using System.Net.Http;
using Grpc.Core;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>Writes the header block of a request.</summary>
static class RequestHeaders
{
    static readonly string userAgent = "daphne-net/" + typeof(RequestHeaders).Assembly.GetName().Version!.ToString(3);

    public static HttpRequestMessage NewRequest(GrpcChannel channel, string method, HttpContent content, Metadata? metadata, TimeSpan? timeout)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(channel.Address, method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        var headers = request.Headers;
        headers.TryAddWithoutValidation("te", "trailers");
        headers.TryAddWithoutValidation(HeaderText.AcceptEncodingHeader, "identity");
        headers.TryAddWithoutValidation("user-agent", userAgent);
        if (timeout is { } left) headers.TryAddWithoutValidation(TimeoutText.Header, TimeoutText.Encode(left));
        if (channel.Options.BearerToken is { } token) headers.TryAddWithoutValidation("authorization", "Bearer " + token);
        foreach (var entry in metadata ?? Metadata.Empty) Add(request, entry);
        return request;
    }

    static void Add(HttpRequestMessage request, Metadata.Entry entry)
    {
        if (HeaderText.IsReserved(entry.Key) || entry.Key == "authorization" && request.Headers.Contains(entry.Key))
            throw new RpcException(StatusCode.Internal, $"the metadata key '{entry.Key}' is reserved");
        // HttpClient joins values of one name with ", ". For text that is legal; grpcio answers a joined binary value by closing the connection.
        if (entry.IsBinary && request.Headers.NonValidated.Contains(entry.Key))
            throw new RpcException(StatusCode.Internal, string.Create(CultureInfo.InvariantCulture, $"two values of the binary metadata key '{entry.Key}' cannot be sent"));
        if (!request.Headers.TryAddWithoutValidation(entry.Key, HeaderText.Encode(entry)))
            throw new RpcException(StatusCode.Internal, $"'{entry.Key}' cannot be a request header");
    }
}
