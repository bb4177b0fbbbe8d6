using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>Writes a status into headers (nothing was sent yet) or trailers.</summary>
static class ServerStatus
{
    public static void Write(IHeaderDictionary to, Status status)
    {
        to[StatusText.CodeHeader] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (!string.IsNullOrEmpty(status.Detail)) to[StatusText.MessageHeader] = StatusText.Encode(status.Detail);
    }

    public static void Write(IHeaderDictionary to, Metadata? metadata)
    {
        foreach (var entry in metadata ?? Metadata.Empty)
            if (!HeaderText.IsReserved(entry.Key)) to.Append(entry.Key, HeaderText.Encode(entry));
    }
}
