using System.Security.Cryptography;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>
/// The values a worker holds, under handles nobody can guess. Each belongs to a session ("" is the session of clients that opened none) and is known
/// only there. Thread-safe; whoever takes a value owns a share of it, so that freeing it under a running computation is harmless.
/// </summary>
/// <param name="byteLimit">Most bytes held at once; 0 means no limit.</param>
/// <param name="perSession">Most values of one session.</param>
sealed class ValueStore(long byteLimit, int perSession = int.MaxValue)
{
    readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);   // by session
    readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    readonly Lock gate = new();
    long held, reserved;

    /// <summary>Most bytes held at once; 0 means no limit.</summary>
    public long ByteLimit => byteLimit;

    /// <summary>What it holds at this moment.</summary>
    public WorkerStats Stats
    {
        get
        {
            lock (gate) return new(held, entries.Count);
        }
    }

    /// <summary>Bytes there is room for at this moment.</summary>
    public long Available
    {
        get
        {
            lock (gate) return byteLimit > 0 ? Math.Max(0, byteLimit - held - reserved) : long.MaxValue;
        }
    }

    /// <summary>Keeps room for a value that is on its way; end it with <see cref="CancelReservation"/> or <see cref="AddReserved"/>.</summary>
    /// <exception cref="WorkerRefusal">There is no room.</exception>
    public void Reserve(long bytes)
    {
        lock (gate)
        {
            if (byteLimit > 0 && bytes > byteLimit - held - reserved)
                throw new WorkerRefusal(WorkerFailure.TooLarge, $"no room for {bytes} bytes: {held + reserved} of {byteLimit} bytes are in use, {byteLimit - held - reserved} are available");
            reserved += bytes;
        }
    }

    /// <summary>The value does not come.</summary>
    public void CancelReservation(long bytes)
    {
        lock (gate) reserved -= bytes;
    }

    /// <summary>Takes over the caller's share of a value that room was kept for.</summary>
    /// <exception cref="WorkerRefusal">The session has too many values; the share was released, the room is still kept.</exception>
    public Handle AddReserved(Datum value, string session, long bytes, string request = "")
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        bool fits;
        lock (gate)
        {
            int count = counts.GetValueOrDefault(session);
            if (fits = count < perSession)
            {
                counts[session] = count + 1;
                reserved -= bytes;
                held += bytes;
                entries.Add(id, new(value, session, bytes, request));
            }
        }
        if (!fits)
        {
            Release(value);
            throw new WorkerRefusal(WorkerFailure.TooLarge, $"the session holds {perSession} values, and no more are allowed");
        }
        return HandleOf(id, value);
    }

    /// <summary>A handle with the shape of a value.</summary>
    public static Handle HandleOf(string id, in Datum value) => value.IsScalar ? new(id, 1, 1) : value.Object switch
    {
        Matrix matrix => new(id, matrix.Rows, matrix.Cols),
        Frame frame => new(id, frame.Rows, frame.Cols),
        ObjectList list => new(id, list.Length, 1),
        _ => new(id, 1, 1),
    };

    /// <summary>Takes over the caller's share of a value.</summary>
    /// <exception cref="WorkerRefusal">There is no room; the share was released.</exception>
    public Handle Add(Datum value, string session, string request = "")
    {
        long bytes = ValueSize.Of(value);
        try
        {
            Reserve(bytes);
        }
        catch (WorkerRefusal)
        {
            Release(value);
            throw;
        }
        try
        {
            return AddReserved(value, session, bytes, request);
        }
        catch (WorkerRefusal)
        {
            CancelReservation(bytes);
            throw;
        }
    }

    /// <summary>A share of a value; the caller releases it.</summary>
    /// <exception cref="WorkerRefusal">The session has no such value.</exception>
    public Datum Take(string id, string session)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(id, out var entry) || entry.Session != session) throw WorkerRefusal.Unknown(id);
            if (!entry.Value.IsScalar) entry.Value.Object.Retain();
            return entry.Value;
        }
    }

    /// <summary>Frees a value; false if the session has no such value (any more).</summary>
    public bool Free(string id, string session)
    {
        Entry? entry;
        lock (gate)
        {
            if (!entries.TryGetValue(id, out entry) || entry.Session != session) return false;
            entries.Remove(id);
            Forget(entry);
        }
        Release(entry.Value);
        return true;
    }

    /// <summary>Frees everything of a session and says how much that was.</summary>
    public WorkerStats FreeSession(string session) => FreeAll(entry => entry.Session == session);

    /// <summary>Frees what one request of a session made: its client gave up before it heard what that is called.</summary>
    public WorkerStats FreeRequest(string request, string session) => request.Length == 0 ? default : FreeAll(entry => entry.Request == request && entry.Session == session);

    WorkerStats FreeAll(Func<Entry, bool> which)
    {
        List<Entry> freed = [];
        lock (gate)
        {
            foreach (var (id, entry) in entries)
                if (which(entry) && entries.Remove(id)) freed.Add(entry);   // a dictionary may lose entries while it is walked
            foreach (var entry in freed) Forget(entry);
        }
        foreach (var entry in freed) Release(entry.Value);
        return new(freed.Sum(e => e.Bytes), freed.Count);
    }

    void Forget(Entry entry)
    {
        held -= entry.Bytes;
        if (--counts[entry.Session] == 0) counts.Remove(entry.Session);
    }

    /// <summary>Releases the caller's share.</summary>
    public static void Release(Datum value)
    {
        if (!value.IsScalar) value.Object.Release();
    }

    sealed record Entry(Datum Value, string Session, long Bytes, string Request);
}
