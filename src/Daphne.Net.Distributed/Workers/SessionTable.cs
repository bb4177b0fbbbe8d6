using System.Security.Cryptography;

namespace Daphne.Net.Distributed;

/// <summary>The open sessions of a worker. Thread-safe.</summary>
sealed class SessionTable(TimeProvider time)
{
    static readonly CancellationToken already = new(canceled: true);

    readonly Dictionary<string, Session> open = new(StringComparer.Ordinal);
    readonly Lock gate = new();

    public int Count
    {
        get
        {
            lock (gate) return open.Count;
        }
    }

    /// <summary>Opens a session. Zero: it ends only when it is closed.</summary>
    /// <param name="lease">How long its client may be silent.</param>
    /// <param name="readsFiles">Its requests may read files, as far as the worker may.</param>
    public string Open(TimeSpan lease, bool readsFiles = false)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        lock (gate) open.Add(id, new(lease, time.GetTimestamp()) { ReadsFiles = readsFiles });
        return id;
    }

    /// <summary>True if its requests may read files.</summary>
    public bool ReadsFiles(string id)
    {
        lock (gate) return open.TryGetValue(id, out var session) && session.ReadsFiles;
    }

    /// <summary>Its client is alive. False if there is no such session (any more).</summary>
    public bool Touch(string id)
    {
        lock (gate)
        {
            if (!open.TryGetValue(id, out var session)) return false;
            session.LastSeen = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>Cancelled when the session ends; at once if it has ended, never for "".</summary>
    public CancellationToken Closed(string id)
    {
        if (id.Length == 0) return CancellationToken.None;
        lock (gate) return open.TryGetValue(id, out var session) ? session.Stop.Token : already;
    }

    /// <summary>Ends a session; false if there is none of that name.</summary>
    public bool Close(string id)
    {
        Session? session;
        lock (gate)
        {
            if (!open.Remove(id, out session)) return false;
        }
        session.Stop.Cancel();
        return true;
    }

    /// <summary>The sessions whose clients have been silent for longer than their lease.</summary>
    public IReadOnlyList<string> Expired()
    {
        lock (gate) return [.. open.Where(s => s.Value.Lease > TimeSpan.Zero && time.GetElapsedTime(s.Value.LastSeen) > s.Value.Lease).Select(s => s.Key)];
    }

    sealed class Session(TimeSpan lease, long lastSeen)
    {
        public TimeSpan Lease => lease;
        public bool ReadsFiles { get; init; }
        public long LastSeen { get; set; } = lastSeen;
        public CancellationTokenSource Stop { get; } = new();
    }
}
