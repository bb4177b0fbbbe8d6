using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>Lets requests in that carry the token. Compares hashes, so that neither content nor length of a guess shows in the time it takes.</summary>
sealed class BearerGate(string token)
{
    const string Scheme = "Bearer ";

    readonly byte[] expected = Hash(token);
    long refused;

    /// <summary>How many requests were refused so far.</summary>
    public long Refused => Interlocked.Read(ref refused);

    public bool Admits(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        bool schemed = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        bool admitted = CryptographicOperations.FixedTimeEquals(expected, Hash(schemed ? header[Scheme.Length..] : "")) & schemed;
        if (!admitted) Interlocked.Increment(ref refused);
        return admitted;
    }

    /// <summary>What the refused are told: nothing but that.</summary>
    public static Status Refusal => new(StatusCode.Unauthenticated, "not authenticated");

    static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
