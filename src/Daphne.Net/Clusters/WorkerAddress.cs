using System.Globalization;

namespace Daphne.Net;

/// <summary><c>host:port</c> of a worker that runs already.</summary>
static class WorkerAddress
{
    /// <summary>What is wrong with an address; null where nothing is.</summary>
    public static string? Problem(string address)
    {
        int colon = address.LastIndexOf(':');
        if (colon < 0 || address.EndsWith(']')) return "it has no port";
        if (!ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0) return "its port is no number from 1 to 65535";
        string host = address[..colon];
        if (host.Contains(':') && host is not ['[', .., ']']) return "an IPv6 address stands in brackets";
        return Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown ? "its host is no name and no IP address" : null;
    }
}
