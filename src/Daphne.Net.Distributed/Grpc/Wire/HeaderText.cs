using Grpc.Core;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>Metadata as HTTP/2 headers.</summary>
static class HeaderText
{
    public const string ContentType = "application/grpc", EncodingHeader = "grpc-encoding", AcceptEncodingHeader = "grpc-accept-encoding";

    /// <summary>The header value of an entry: text as it is, bytes in base64 without padding.</summary>
    public static string Encode(Metadata.Entry entry) => entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes).TrimEnd('=') : entry.Value;

    /// <summary>Adds a received header. A sender may have joined several binary values with commas; one that is not base64 is dropped, as other peers do.</summary>
    public static void AddReceived(Metadata to, string name, string value)
    {
        name = name.ToLowerInvariant();
        if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
        {
            to.Add(Metadata.Entry.Received(name, value));
            return;
        }
        foreach (string part in value.Split(','))
            if (TryDecodeBinary(part, out var bytes)) to.Add(Metadata.Entry.Received(name, bytes));
    }

    /// <summary>Decodes base64 with or without padding.</summary>
    public static bool TryDecodeBinary(string text, out byte[] bytes)
    {
        text = text.Trim().TrimEnd('=');
        bytes = new byte[text.Length * 3 / 4];
        string padded = (text.Length % 4) switch { 2 => text + "==", 3 => text + "=", _ => text };
        return Convert.TryFromBase64String(padded, bytes, out int written) && written == bytes.Length;
    }

    /// <summary>Keys that belong to the protocol and cannot be metadata.</summary>
    public static bool IsReserved(string key) =>
        key.StartsWith("grpc-", StringComparison.Ordinal) && key is not "grpc-status-details-bin"
        || key is "content-type" or "te" or "content-length" or "transfer-encoding" or "connection" or "host"
        || key.StartsWith(':');

    /// <summary>True for <c>application/grpc</c>, alone or with a suffix or parameters.</summary>
    public static bool IsGrpc(string? contentType) =>
        contentType is not null && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is ';' or '+');
}
