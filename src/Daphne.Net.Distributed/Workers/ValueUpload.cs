using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>A value on its way into the store: its bytes go straight to where its cells will lie. Disposing an unfinished one leaves nothing behind.</summary>
/// <param name="service">Where it will lie.</param>
/// <param name="session">Whose it will be.</param>
/// <param name="request">The name of the request that brings it; empty: none.</param>
/// <param name="remember">The request is answered with it when it comes again.</param>
sealed class ValueUpload(WorkerService service, string session, string request, bool remember) : IDisposable
{
    readonly ValueStore store = service.Values;
    readonly CancellationToken closed = service.Sessions.Closed(session);
    // What there is no room for is refused with its header, before there is memory for its cells.
    readonly ValueReader reader = new(service.Values.Available);
    long reserved;
    bool disposed;

    /// <summary>The value's own reader, for whoever receives bytes without a copy.</summary>
    public ValueReader Reader => reader;

    /// <summary>Takes bytes that have no place of their own: a header, a scalar, strings.</summary>
    /// <exception cref="WorkerRefusal">They are malformed, or there is no room for the value.</exception>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        try
        {
            reader.Feed(bytes);
        }
        catch (RaisedException e)
        {
            throw WorkerRefusal.BadValue(e);
        }
        Reserve();
    }

    /// <summary>So many bytes were put where the reader wanted them.</summary>
    /// <exception cref="WorkerRefusal">There is no room for what follows.</exception>
    public void Advance(int count)
    {
        reader.Advance(count);
        Reserve();
    }

    /// <summary>The value is whole: into the store.</summary>
    /// <exception cref="WorkerRefusal">It is not whole, or the session ended meanwhile.</exception>
    public Handle Finish()
    {
        Reserve();
        Datum value;
        try
        {
            value = reader.Finish();
        }
        catch (RaisedException e)
        {
            throw WorkerRefusal.BadValue(e);
        }
        var handle = store.AddReserved(value, session, reserved, request);
        reserved = 0;
        if (closed.IsCancellationRequested)
        {
            store.Free(handle.Id, session);   // after adding: whoever ends the session now frees it with the rest
            throw new WorkerRefusal(WorkerFailure.SessionLost, "the session has ended");
        }
        return request.Length == 0 || !remember ? handle : service.Keep(handle, session, request);
    }

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        service.UploadEnded();
        store.CancelReservation(reserved);
        reader.Dispose();
    }

    // What the value takes becomes known as it comes.
    void Reserve()
    {
        long more = reader.Bytes - reserved;
        if (more == 0) return;
        store.Reserve(more);
        reserved += more;
    }
}
