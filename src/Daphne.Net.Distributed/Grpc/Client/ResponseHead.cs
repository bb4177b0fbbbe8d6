using System.Globalization;
using System.Net;
using System.Net.Http;
using Grpc.Core;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>Reads headers, trailers and status of a response.</summary>
static class ResponseHead
{
    /// <summary>The headers of a response that carries messages.</summary>
    /// <exception cref="RpcException">It carries none: trailers only, or not gRPC at all.</exception>
    public static Metadata Read(HttpResponseMessage response)
    {
        if (response.Headers.NonValidated.Contains(StatusText.CodeHeader))
        {
            var (status, trailers) = ReadStatus(response.Headers);
            throw new RpcException(status, trailers);
        }
        if (response.StatusCode != HttpStatusCode.OK)
            throw new RpcException(StatusMapping.FromHttpStatus((int)response.StatusCode), string.Create(CultureInfo.InvariantCulture, $"the peer answered HTTP status {(int)response.StatusCode}, not gRPC"));
        string? type = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types) ? types.ToString() : null;
        if (!HeaderText.IsGrpc(type)) throw new RpcException(StatusCode.Unknown, $"the peer answered content type {type ?? "(none)"}, not gRPC");
        if (response.Headers.NonValidated.TryGetValues(HeaderText.EncodingHeader, out var encoding) && encoding.ToString() != "identity")
            throw new RpcException(StatusCode.Unimplemented, $"the peer compresses with {encoding}, which was not offered");
        return Collect(response.Headers, static name => name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The status behind the last message.</summary>
    public static (Status, Metadata) ReadTrailers(HttpResponseMessage response) => ReadStatus(response.TrailingHeaders);

    static (Status, Metadata) ReadStatus(System.Net.Http.Headers.HttpResponseHeaders from)
    {
        var trailers = Collect(from, static name => name is "content-type" || HeaderText.IsReserved(name.ToLowerInvariant()));
        if (!from.NonValidated.TryGetValues(StatusText.CodeHeader, out var codes)) return (new Status(StatusCode.Internal, "the response ended without a status"), trailers);
        var code = int.TryParse(codes.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 0 and <= 16 ? (StatusCode)number : StatusCode.Unknown;
        string text = from.NonValidated.TryGetValues(StatusText.MessageHeader, out var messages) ? StatusText.Decode(messages.ToString()) : "";
        return (new Status(code, text), trailers);
    }

    static Metadata Collect(System.Net.Http.Headers.HttpResponseHeaders from, Func<string, bool> skip)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in from.NonValidated)
            if (!skip(name))
                foreach (string value in values) HeaderText.AddReceived(metadata, name, value);
        return metadata;
    }
}
