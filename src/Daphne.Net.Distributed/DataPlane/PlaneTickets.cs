using System.Security.Cryptography;
using System.Text;

namespace Daphne.Net.Distributed;

/// <summary>
/// Tickets for connections of the data plane. Each is given out over the authenticated control plane, is good for one connection of one session within half a minute, and comes with
/// a proof the worker shows on that connection. Thread-safe.
/// </summary>
sealed class PlaneTickets(TimeProvider time)
{
    /// <summary>Most tickets that wait to be used; the oldest make room.</summary>
    const int Most = 1024;

    static readonly TimeSpan good = TimeSpan.FromSeconds(30);

    readonly Dictionary<string, Entry> waiting = new(StringComparer.Ordinal);
    readonly Lock gate = new();

    /// <summary>A new ticket of a session.</summary>
    /// <param name="session">Whose values may come and go.</param>
    /// <param name="only">The one value that may be fetched, once, and nothing else; null: no such bound.</param>
    public PlaneTicket Give(string session, string? only = null)
    {
        var ticket = new PlaneTicket(Secret(), Secret());
        lock (gate)
        {
            foreach (var (key, entry) in waiting)
                if (time.GetElapsedTime(entry.Given) > good) waiting.Remove(key);   // a dictionary may lose entries while it is walked
            if (waiting.Count >= Most) waiting.Remove(waiting.MinBy(w => w.Value.Given).Key);
            waiting.Add(KeyOf(ticket.Text), new(new(session, ticket.Proof, only), time.GetTimestamp()));
        }
        return ticket;
    }

    /// <summary>Uses a ticket up; null if it is none (any more).</summary>
    public PlaneVisit? Take(string ticket)
    {
        lock (gate) return waiting.Remove(KeyOf(ticket), out var entry) && time.GetElapsedTime(entry.Given) <= good ? entry.Visit : null;
    }

    static string Secret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    // Looked up by its hash, so that the time it takes says nothing about the secret.
    static string KeyOf(string ticket) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ticket)));

    readonly record struct Entry(PlaneVisit Visit, long Given);
}

/// <summary>What a connection that was let in may do.</summary>
/// <param name="Session">Whose values come and go.</param>
/// <param name="Proof">What the worker shows.</param>
/// <param name="Only">The one value that may be fetched; null: no such bound.</param>
readonly record struct PlaneVisit(string Session, string Proof, string? Only);

/// <summary>What lets one connection in, and what the worker answers to it.</summary>
readonly record struct PlaneTicket(string Text, string Proof);
