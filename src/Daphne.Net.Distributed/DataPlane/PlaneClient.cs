using System.Security.Authentication;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>
/// The client's end of the data plane: keeps connections to one worker, as many as carry values at the same time within a limit; further calls wait for one.
/// Thread-safe. Where no connection comes up it says so once, and its calls answer null: whoever asked takes the other way.
/// </summary>
/// <param name="options">Of the client it belongs to.</param>
/// <param name="worker">Who the worker is, for errors.</param>
/// <param name="dialer">Makes connections.</param>
/// <param name="leaving">Cancelled when the client is disposed.</param>
sealed partial class PlaneClient(GrpcWorkerClientOptions options, Func<WorkerIdentity> worker, PlaneDialer dialer, CancellationToken leaving) : IDisposable
{
    // Connections at once. A tunnel may be a channel of an ssh connection, of which a server allows ten.
    const int Most = 8, MostTunnels = 2;

    readonly Stack<(PlaneConnection Connection, string Session)> idle = [], unwatched = [];
    readonly SemaphoreSlim free = new(options.Connect is null ? Most : MostTunnels);
    readonly Lock gate = new();
    volatile bool isOff, canBeWaitedFor = options.Connect is null;

    /// <summary>Connections that nobody uses at this moment.</summary>
    public int Kept
    {
        get
        {
            lock (gate) return idle.Count + unwatched.Count;
        }
    }

    /// <summary>What was out of reach may be tried again.</summary>
    public void Reset() => isOff = false;

    /// <summary>Places a value; null: not this way.</summary>
    /// <exception cref="RaisedException">It has no encoding.</exception>
    public ValueTask<Handle?> StoreAsync(Datum value, string session, string request, CallBudget budget, CancellationToken ct) => StoreAsync(value, ValueWriter.LengthOf(value), session, request, budget, ct);

    ValueTask<Handle?> StoreAsync(Datum value, long length, string session, string request, CallBudget budget, CancellationToken ct) => WithAsync<Handle?>(session, budget, async (connection, end) =>
    {
        await connection.WriteAsync(PlaneKind.Store, request, end, length, Milliseconds(budget)).ConfigureAwait(false);
        if (length > PlaneConnection.AskAbove)
        {
            await connection.FlushAsync(end).ConfigureAwait(false);
            await AnswerAsync(connection, PlaneKind.Go, end).ConfigureAwait(false);
        }
        await connection.WriteValueAsync(PlaneConnection.Pieces(value), static () => { }, end).ConfigureAwait(false);
        var stored = await AnswerAsync(connection, PlaneKind.Stored, end).ConfigureAwait(false);
        return new Handle(stored.Text, stored.Header.First, stored.Header.Second);
    }, ct);

    /// <summary>Fetches a value; null: not this way.</summary>
    public ValueTask<Datum?> TransferAsync(Handle handle, string session, CallBudget budget, CancellationToken ct) => WithAsync<Datum?>(session, budget, async (connection, end) =>
    {
        await connection.WriteAsync(PlaneKind.Transfer, handle.Id, end, 0, Milliseconds(budget)).ConfigureAwait(false);
        await connection.FlushAsync(end).ConfigureAwait(false);
        await AnswerAsync(connection, PlaneKind.Value, end).ConfigureAwait(false);
        using var value = new ValueReader();
        await connection.ReadValueAsync(value, value.Feed, static () => { }, end).ConfigureAwait(false);
        return value.Finish();
    }, ct);

    public void Dispose()
    {
        lock (gate)
            while (idle.TryPop(out var kept) || unwatched.TryPop(out kept)) kept.Connection.Dispose();
    }

    async ValueTask<T?> WithAsync<T>(string session, CallBudget budget, Func<PlaneConnection, CancellationToken, Task<T>> use, CancellationToken ct, bool waits = true, bool computes = false)
    {
        if (isOff || session.Length == 0) return default;
        using var late = new CancellationTokenSource(budget.Timeout);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token, leaving);
        bool entered = false;
        PlaneConnection? connection = null;
        try
        {
            if (waits) await free.WaitAsync(end.Token).ConfigureAwait(false);
            else if (!free.Wait(0, CancellationToken.None)) return default;
            entered = true;
            connection = Idle(session, computes) ?? await DialAsync(session, budget, end.Token).ConfigureAwait(false);
            if (connection is null) return default;
            connection.IsWatched |= !computes;
            var result = await use(connection, end.Token).ConfigureAwait(false);
            Keep(connection, session);
            connection = null;
            return result;
        }
        catch (WorkerRefusal refusal)
        {
            if (connection is not null) Keep(connection, session);   // it was answered: nothing is under way
            connection = null;
            throw new WorkerException(worker(), refusal.Reason, refusal.Message, refusal);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException or AuthenticationException)
        {
            throw Ended(e, late.Token, ct);
        }
        finally
        {
            connection?.Dispose();
            if (entered) free.Release();
        }
    }

    Exception Ended(Exception e, CancellationToken late, CancellationToken ct) =>
        ct.IsCancellationRequested ? new OperationCanceledException(e.Message, e, ct)
        : leaving.IsCancellationRequested ? new WorkerException(worker(), WorkerFailure.Cancelled, "its cluster was disposed, and what lay on it is gone", e)
        : late.IsCancellationRequested ? new WorkerException(worker(), WorkerFailure.TimedOut, "it did not answer in time", e)
        : new WorkerException(worker(), WorkerFailure.Unreachable, $"not reachable: {e.Message}", e);

    // A thread that waits for answers takes one no task has waited for, and all others leave it those.
    PlaneConnection? Idle(string session, bool computes)
    {
        if (computes && AnswerWait.IsHere && canBeWaitedFor)
        {
            if (Pop(unwatched, session) is { } own) return own;
            DialAhead(session);
        }
        return Pop(idle, session);
    }

    PlaneConnection? Pop(Stack<(PlaneConnection Connection, string Session)> from, string session)
    {
        lock (gate)
            while (from.TryPop(out var kept))
            {
                if (kept.Session == session && kept.Connection.IsQuiet) return kept.Connection;
                kept.Connection.Dispose();
            }
        return null;
    }

    void Keep(PlaneConnection connection, string session)
    {
        lock (gate)
        {
            var kept = connection.CanBeWaitedFor && !connection.IsWatched ? unwatched : idle;
            // More are never used at once.
            if (!leaving.IsCancellationRequested && kept.Count < Most)
            {
                kept.Push((connection, session));
                return;
            }
        }
        connection.Dispose();
    }

    async Task<PlaneConnection?> DialAsync(string session, CallBudget budget, CancellationToken end)
    {
        try
        {
            var connection = await dialer.DialAsync(session, budget, end).ConfigureAwait(false);
            canBeWaitedFor &= connection.CanBeWaitedFor;   // the others will be as this one: with TLS, or without
            return connection;
        }
        catch (PlaneUnreachableException e)
        {
            if (!isOff) DistributedLog.PlaneNotReached(options.Log, worker().Address, e.Message);
            isOff = true;
            return null;
        }
    }

    static async Task<PlaneMessage> AnswerAsync(PlaneConnection connection, PlaneKind expected, CancellationToken end)
    {
        var answer = await connection.ReadAsync(end).ConfigureAwait(false);
        if (answer.Kind == expected) return answer;
        throw answer.Kind == PlaneKind.Refused ? new WorkerRefusal(answer.Header.Failure, answer.Text) : Diag.PlaneMalformed.Raise($"{answer.Kind} is no answer to that");
    }

    static long Milliseconds(CallBudget budget) => (long)Math.Clamp(budget.Timeout.TotalMilliseconds, 1, int.MaxValue);
}
