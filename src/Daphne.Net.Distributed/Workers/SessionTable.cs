using System.Security.Cryptography;

namespace Daphne.Net.Distributed;

/// <summary>The open sessions of a worker. Thread-safe.</summary>
/// <param name="time">Measures silence.</param>
/// <param name="most">Sessions at once.</param>
sealed class SessionTable(TimeProvider time, int most = int.MaxValue)
{
    static readonly CancellationToken already = new(canceled: true);

    readonly Dictionary<string, Session> open = new(StringComparer.Ordinal);
    readonly Lock gate = new();
    CoordinatorClaim? claim;

    public int Count
    {
        get
        {
            lock (gate) return open.Count;
        }
    }

    /// <summary>Opens a session.</summary>
    /// <param name="lease">It ends when its client is silent for longer. Zero: only when it is closed.</param>
    /// <param name="owner">The claim of its client; null for a guest.</param>
    /// <param name="readsFiles">Its requests may read files, as far as the worker may.</param>
    /// <exception cref="WorkerRefusal">There are too many, or the worker has another owner.</exception>
    public string Open(TimeSpan lease, CoordinatorClaim? owner = null, bool readsFiles = false)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        lock (gate)
        {
            Require(owner);
            if (open.Count >= most) throw new WorkerRefusal(WorkerFailure.Busy, $"{open.Count} sessions are open; at most {most} are allowed");
            open.Add(id, new(lease, owner, time.GetTimestamp()) { ReadsFiles = readsFiles });
        }
        return id;
    }

    /// <summary>True if its requests may read files.</summary>
    public bool ReadsFiles(string id)
    {
        lock (gate) return open.TryGetValue(id, out var session) && session.ReadsFiles;
    }

    /// <summary>Notes the claim of a client that greets, and says which sessions it ends.</summary>
    /// <exception cref="WorkerRefusal">The worker has another owner.</exception>
    public IReadOnlyList<string> Claim(CoordinatorClaim? by)
    {
        lock (gate)
        {
            bool isNew = by is not null && by.Generation > (claim?.Generation ?? 0);
            if (!isNew) Require(by);
            if (by is null || !isNew) return [];
            claim = by;
            return [.. open.Where(s => s.Value.Owner is not null || by.Exclusive).Select(s => s.Key)];
        }
    }

    void Require(CoordinatorClaim? by)
    {
        if (by is null ? claim is { Exclusive: true } : claim is not null && (by.Generation != claim.Generation || by.Coordinator != claim.Coordinator))
            throw new WorkerRefusal(WorkerFailure.Superseded, by is null ? "the worker's coordinator wants it alone"
                : $"the worker obeys a coordinator of generation {claim!.Generation}; this one is of generation {by.Generation}");
    }

    /// <summary>Its client is alive. False if there is no such session (any more), or it was silent for too long just now: then it is to be closed.</summary>
    public bool Touch(string id, out bool expired)
    {
        lock (gate)
        {
            expired = false;
            if (!open.TryGetValue(id, out var session)) return false;
            // A process that was stopped wakes up to requests that waited: they are too late, although nobody has swept yet.
            expired = IsExpired(session);
            if (expired) return false;
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
        lock (gate) return [.. open.Where(s => IsExpired(s.Value)).Select(s => s.Key)];
    }

    /// <summary>The generation of the owner; 0: none has claimed the worker.</summary>
    public long ClaimedGeneration
    {
        get
        {
            lock (gate) return claim?.Generation ?? 0;
        }
    }

    bool IsExpired(Session session) => session.Lease > TimeSpan.Zero && time.GetElapsedTime(session.LastSeen) > session.Lease;

    sealed class Session(TimeSpan lease, CoordinatorClaim? owner, long lastSeen)
    {
        public CoordinatorClaim? Owner => owner;
        public TimeSpan Lease => lease;
        public bool ReadsFiles { get; init; }
        public long LastSeen { get; set; } = lastSeen;
        public CancellationTokenSource Stop { get; } = new();
    }
}
