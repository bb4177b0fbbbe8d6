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
    public PlaneTicket Give(string session)
    {
        var ticket = new PlaneTicket(Secret(), Secret());
        lock (gate)
        {
            foreach (var (key, entry) in waiting)
                if (time.GetElapsedTime(entry.Given) > good) waiting.Remove(key);   // a dictionary may lose entries while it is walked
            if (waiting.Count >= Most) waiting.Remove(waiting.MinBy(w => w.Value.Given).Key);
            waiting.Add(KeyOf(ticket.Text), new(session, ticket.Proof, time.GetTimestamp()));
        }
        return ticket;
    }

    /// <summary>Uses a ticket up; null if it is none (any more).</summary>
    public (string Session, string Proof)? Take(string ticket)
    {
        lock (gate) return waiting.Remove(KeyOf(ticket), out var entry) && time.GetElapsedTime(entry.Given) <= good ? (entry.Session, entry.Proof) : null;
    }

    static string Secret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    // Looked up by its hash, so that the time it takes says nothing about the secret.
    static string KeyOf(string ticket) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ticket)));

    readonly record struct Entry(string Session, string Proof, long Given);
}

/// <summary>What lets one connection in, and what the worker answers to it.</summary>
readonly record struct PlaneTicket(string Text, string Proof);
