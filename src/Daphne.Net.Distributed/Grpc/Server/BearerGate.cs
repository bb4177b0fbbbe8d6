using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>Lets requests in that carry the token. Compares hashes, so that neither content nor length of a guess shows in the time it takes.</summary>
/// <param name="token">The secret.</param>
/// <param name="refusals">Counts those without it; null: a counter of its own.</param>
sealed class BearerGate(string token, Refusals? refusals = null)
{
    const string Scheme = "Bearer ";

    readonly byte[] expected = Hash(token);
    readonly Refusals refusals = refusals ?? new(TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

    /// <summary>How many requests were refused so far.</summary>
    public long Refused => refusals.Count;

    public bool Admits(HttpRequest request) => Admits(request, out _);

    /// <summary>As the other; says whether who is refused has come so often that the connection is not worth keeping.</summary>
    public bool Admits(HttpRequest request, out bool tooOften)
    {
        string header = request.Headers.Authorization.ToString();
        bool schemed = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        bool admitted = CryptographicOperations.FixedTimeEquals(expected, Hash(schemed ? header[Scheme.Length..] : "")) & schemed;
        tooOften = !admitted && refusals.Add(request.HttpContext.Connection.RemoteIpAddress, "it does not know the secret");
        return admitted;
    }

    /// <summary>What the refused are told: nothing but that.</summary>
    public static Status Refusal => new(StatusCode.Unauthenticated, "not authenticated");

    static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
