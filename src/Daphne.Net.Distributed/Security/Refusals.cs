using System.Net;
using Microsoft.Extensions.Logging;

namespace Daphne.Net.Distributed;

/// <summary>
/// Counts callers that were not let in: without the secret, with a certificate that is none of the cluster's, of another cluster or version. Who comes too often from one address
/// is slowed down, not locked out: others may live at the same address. Thread-safe; so many addresses are remembered.
/// </summary>
/// <param name="time">Measures a minute.</param>
/// <param name="log">Is told of the first of an address, and of each hundredth.</param>
sealed class Refusals(TimeProvider time, ILogger log)
{
    /// <summary>Refusals of one address within a minute that are free.</summary>
    public const int Free = 100;

    const int MostAddresses = 1024;

    static readonly TimeSpan window = TimeSpan.FromMinutes(1);

    readonly Lock gate = new();
    readonly Dictionary<IPAddress, (long Since, int Count)> recent = [];
    long count;

    /// <summary>How many there were so far.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>Addresses remembered.</summary>
    public int Addresses
    {
        get
        {
            lock (gate) return recent.Count;
        }
    }

    /// <summary>One more; true if its address has come too often.</summary>
    /// <param name="from">Null where there is none.</param>
    /// <param name="why">For the log of the worker; the caller is told nothing.</param>
    public bool Add(IPAddress? from, string why)
    {
        Interlocked.Increment(ref count);
        from ??= IPAddress.None;
        int now;
        lock (gate)
        {
            if (recent.Count >= MostAddresses && !recent.ContainsKey(from)) Forget();
            var (since, before) = recent.GetValueOrDefault(from);
            if (before == 0 || time.GetElapsedTime(since) > window) (since, before) = (time.GetTimestamp(), 0);
            recent[from] = (since, now = before + 1);
        }
        if (now % Free == 1) DistributedLog.CallerRefused(log, from, why, now);
        return now > Free;
    }

    /// <summary>True while an address has come too often.</summary>
    public bool IsTooOften(IPAddress? from)
    {
        lock (gate) return recent.TryGetValue(from ?? IPAddress.None, out var seen) && seen.Count > Free && time.GetElapsedTime(seen.Since) <= window;
    }

    // Those whose minute is over, and if there are none all of them: who has so many addresses is not slowed down by any list.
    void Forget()
    {
        foreach (var (address, seen) in recent)
            if (time.GetElapsedTime(seen.Since) > window) recent.Remove(address);   // a dictionary may lose entries while it is walked
        if (recent.Count >= MostAddresses) recent.Clear();
    }
}
