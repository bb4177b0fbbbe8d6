using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary><c>HOST:PORT</c> as a user writes it. IPv6 addresses stand in brackets.</summary>
static class ListenAddress
{
    /// <exception cref="RaisedException">It is none, or the host has no address.</exception>
    public static async Task<(string Host, IPEndPoint Endpoint)> ResolveAsync(string text, CancellationToken ct)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0) throw Diag.WorkerAddress.Raise(text, "it has no port");
        string host = text[..colon];
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)) throw Diag.WorkerAddress.Raise(text, "its port is no number below 65536");
        bool brackets = host is ['[', .., ']'];
        if (host.Contains(':') && !brackets) throw Diag.WorkerAddress.Raise(text, "an IPv6 address stands in brackets");
        if (host == "localhost") return (host, new(IPAddress.Loopback, port));
        if (IPAddress.TryParse(brackets ? host[1..^1] : host, out var address)) return (host, new(address, port));
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, ct).ConfigureAwait(false);
            return addresses.Length > 0 ? (host, new(addresses[0], port)) : throw Diag.WorkerAddress.Raise(text, "the host has no address");
        }
        catch (SocketException e)
        {
            throw Diag.WorkerAddress.Raise(text, e.Message);
        }
    }
}
