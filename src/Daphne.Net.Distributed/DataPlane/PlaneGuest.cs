using System.Buffers;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>The worker's side of one connection that has shown its ticket: answers one request after the other, until the session ends.</summary>
/// <param name="service">The worker.</param>
/// <param name="connection">The connection.</param>
/// <param name="session">Whose values come and go.</param>
/// <param name="only">The one value it may fetch, once, before it is hung up on; null: no such bound.</param>
sealed partial class PlaneGuest(WorkerService service, PlaneConnection connection, string session, string? only = null)
{
    static readonly TimeSpan longest = TimeSpan.FromDays(1);

    Thread? own;   // that serves nobody else
    CancellationToken stopping;

    /// <summary>Serves until the client hangs up or its session ends: on a thread of its own where the connection lets a thread wait for it.</summary>
    /// <param name="closing">Ends the wait for the next request.</param>
    /// <param name="cut">Ends everything.</param>
    public async Task ServeAsync(CancellationToken closing, CancellationToken cut)
    {
        if (connection.CanBeWaitedFor)
        {
            var serving = Task.Factory.StartNew(() => Serve(closing, cut), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            _ = serving.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            // A computation that does not look at its token holds its thread, but not the worker's end.
            await serving.WaitAsync(cut).ConfigureAwait(false);
            return;
        }
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cut, service.Sessions.Closed(session));
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(closing, ended.Token);
        while (await ServeOneAsync(leaving.Token, ended.Token).ConfigureAwait(false)) continue;
    }

    // The kernel wakes this thread, and this thread computes and answers: three others need not wake up for a call.
    void Serve(CancellationToken closing, CancellationToken cut)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cut, service.Sessions.Closed(session));
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(closing, ended.Token);
        (own, stopping) = (Thread.CurrentThread, cut);
        connection.Reader = own;
        do connection.Wait(leaving.Token);
        while (ServeOneAsync(leaving.Token, ended.Token).GetAwaiter().GetResult());
    }

    async Task<bool> ServeOneAsync(CancellationToken leaving, CancellationToken ended)
    {
        var request = await connection.ReadAsync(leaving).ConfigureAwait(false);
        using var late = new CancellationTokenSource(request.Header.Second < longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(request.Header.Second) : longest, service.Options.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ended);
        try
        {
            if (only is not null && (request.Kind != PlaneKind.Transfer || request.Text != only)) throw Diag.PlaneMalformed.Raise("the ticket was for something else");
            await (request.Kind switch
            {
                PlaneKind.Store => StoreAsync(request, stop.Token),
                PlaneKind.Transfer => TransferAsync(request.Text, stop.Token),
                PlaneKind.Compute => ComputeAsync(request, stop.Token),
                PlaneKind.Free => FreeAsync(request, stop.Token),
                _ => throw Diag.PlaneMalformed.Raise($"{request.Kind} is no request"),
            }).ConfigureAwait(false);
        }
        catch (WorkerRefusal refusal)
        {
            await connection.WriteAsync(PlaneKind.Refused, refusal.Message, stop.Token, failure: refusal.Reason).ConfigureAwait(false);
            await connection.FlushAsync(stop.Token).ConfigureAwait(false);
        }
        return only is null;
    }

    async Task StoreAsync(PlaneMessage request, CancellationToken ct)
    {
        Handle handle;
        bool asks = request.Header.First > PlaneConnection.AskAbove;
        ValueUpload? upload = null;
        try
        {
            var known = service.Stored(session, request.Text);
            if (known is null)
            {
                upload = await service.UploadAsync(session, request.Text, ct).ConfigureAwait(false);
                if (asks) RequireRoom(request.Header.First - WireFormat.DenseHeader);
            }
            if (asks)
            {
                await connection.WriteAsync(PlaneKind.Go, "", ct).ConfigureAwait(false);
                await connection.FlushAsync(ct).ConfigureAwait(false);
                asks = false;
            }
            if (upload is null) await connection.PassOverAsync(ct).ConfigureAwait(false);
            else await connection.ReadValueAsync(upload.Reader, upload.Feed, Enter, ct).ConfigureAwait(false);
            handle = upload?.Finish() ?? known!.Value;
        }
        catch (WorkerRefusal)
        {
            // A large value is not even sent.
            if (asks) connection.NothingFollows();
            else await connection.PassOverAsync(ct).ConfigureAwait(false);
            throw;
        }
        finally
        {
            upload?.Dispose();
        }
        try
        {
            await connection.WriteAsync(PlaneKind.Stored, handle.Id, ct, handle.Rows, handle.Cols).ConfigureAwait(false);
            await connection.FlushAsync(ct).ConfigureAwait(false);
        }
        catch
        {
            service.Unheard(session, request.Text, handle);
            throw;
        }
    }

    // Asked for is what is kept: the cells.
    void RequireRoom(long bytes)
    {
        service.Values.Reserve(bytes);
        service.Values.CancelReservation(bytes);
    }

    async Task TransferAsync(string id, CancellationToken ct)
    {
        var value = service.Take(id, session);
        try
        {
            var (length, pieces) = Encoded(value);
            await connection.WriteAsync(PlaneKind.Value, "", ct, length).ConfigureAwait(false);
            await connection.WriteValueAsync(pieces, EnterOrEnd, ct).ConfigureAwait(false);
        }
        finally
        {
            ValueStore.Release(value);
        }
    }

    static (long Length, IEnumerable<ReadOnlySequence<byte>> Pieces) Encoded(Datum value)
    {
        try
        {
            return (ValueWriter.LengthOf(value), PlaneConnection.Pieces(value));
        }
        catch (RaisedException e)
        {
            throw new WorkerRefusal(WorkerFailure.Internal, e.Message, e);
        }
    }

    // Who sends or takes for minutes is not silent, and one whose session has ended does it for nothing.
    void Enter() => service.Enter(session);

    // Amid a value there is no place for a refusal.
    void EnterOrEnd()
    {
        try
        {
            Enter();
        }
        catch (WorkerRefusal refusal)
        {
            throw new OperationCanceledException(refusal.Message, refusal);
        }
    }
}
