using Daphne.Net.Distributed.Protocol;
using Google.Protobuf;
using Grpc.Core;
using V1 = Daphne.Net.Distributed.Protocol.V1;

namespace Daphne.Net.Distributed;

/// <summary>
/// Small calls over the connections for values: no frames, headers and streams of HTTP/2 to be made for them. They take at most half of the connections, because a fragment may compute
/// for long, and do not wait for one: where none is free they answer null.
/// </summary>
sealed partial class PlaneClient
{
    // Who gives up is the client: a worker that hung up first would look like one that is gone.
    static readonly TimeSpan patience = TimeSpan.FromSeconds(5);

    bool isDialling;
    readonly SemaphoreSlim calls = new((options.Connect is null ? Most : MostTunnels) / 2);

    /// <summary>Runs a fragment on values of the session; null: not this way.</summary>
    public async ValueTask<V1.ComputeReply?> ComputeAsync(V1.ComputeCall call, string session, string request, CallBudget budget, CancellationToken ct)
    {
        if (call.CalculateSize() > PlaneConnection.MostMessage) return null;
        return await CallAsync(session, budget, computes: true, async (connection, end) =>
        {
            await connection.WriteAsync(PlaneKind.Compute, request, call, end, Milliseconds(budget) + (long)patience.TotalMilliseconds).ConfigureAwait(false);
            bool here = await AnswerWait.ForAsync(connection, end).ConfigureAwait(false);
            connection.IsWatched |= !here;
            connection.Reader = here ? Thread.CurrentThread : null;   // the rest of the answer is on its way
            var answer = await AnswerAsync(connection, PlaneKind.Computed, end).ConfigureAwait(false);
            return await connection.ReadMessageAsync(answer.Header, V1.ComputeReply.Parser, end).ConfigureAwait(false);
        }, ct).ConfigureAwait(false);
    }

    /// <summary>Frees values of the session; false: not this way.</summary>
    public async ValueTask<bool> FreeAsync(V1.FreeRequest values, string session, CallBudget budget, CancellationToken ct) =>
        values.CalculateSize() <= PlaneConnection.MostMessage && await CallAsync<bool?>(session, budget, computes: false, async (connection, end) =>
        {
            await connection.WriteAsync(PlaneKind.Free, "", values, end, Milliseconds(budget)).ConfigureAwait(false);
            await AnswerAsync(connection, PlaneKind.Freed, end).ConfigureAwait(false);
            return true;
        }, ct).ConfigureAwait(false) is true;

    // For the next call of a thread that waits for its answers: one no task has waited for. Without it the call is made all the same.
    void DialAhead(string session)
    {
        lock (gate)
        {
            if (isDialling) return;
            isDialling = true;
        }
        _ = Task.Run(async () =>
        {
            try
            {
                if (await DialAsync(session, CallBudget.Control, leaving).ConfigureAwait(false) is { } connection) Keep(connection, session);
            }
            catch (Exception e) when (e is RpcException or OperationCanceledException or IOException or ObjectDisposedException)
            {
                // Whoever calls next hears of it.
            }
            finally
            {
                lock (gate) isDialling = false;
            }
        });
    }

    async ValueTask<T?> CallAsync<T>(string session, CallBudget budget, bool computes, Func<PlaneConnection, CancellationToken, Task<T>> use, CancellationToken ct)
    {
        if (!calls.Wait(0, CancellationToken.None)) return default;
        try
        {
            return await WithAsync(session, budget, use, ct, waits: false, computes).ConfigureAwait(false);
        }
        finally
        {
            calls.Release();
        }
    }
}
