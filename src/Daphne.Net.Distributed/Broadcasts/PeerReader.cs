using System.Net;
using Daphne.Net.Dialect;
using V1 = Daphne.Net.Distributed.Protocol.V1;

namespace Daphne.Net.Distributed;

/// <summary>
/// Fetches values from other workers of the cluster. It goes where an authenticated coordinator sends it, and says nothing there before the other one has shown that it belongs to the
/// cluster; a worker without an identity cannot know that of anybody, and goes nowhere but this machine.
/// </summary>
/// <param name="service">Keeps what comes.</param>
/// <param name="identity">Who the worker is in its cluster.</param>
sealed class PeerReader(WorkerService service, PeerIdentity? identity) : IDisposable
{
    // The caller's deadline is shorter; this one is for the other worker.
    static readonly TimeSpan patience = TimeSpan.FromHours(1);

    readonly CancellationTokenSource leaving = new();

    /// <summary>Fetches a value and keeps it. An offer is good once: when the network cuts off who asked, the value goes on coming, and who asks again gets it.</summary>
    /// <exception cref="WorkerRefusal">The other worker is not reached or not let in there, or there is no room.</exception>
    public Task<Handle> PullAsync(V1.PullRequest request, string session, string name, CancellationToken ct) => service.OnceAsync(stop => FetchAsync(request, session, name, stop), session, name, ct);

    /// <summary>Fetches nothing more.</summary>
    public void Dispose() => leaving.Cancel();

    async Task<Handle> FetchAsync(V1.PullRequest request, string session, string name, CancellationToken ct)
    {
        if (request.Entry is null || request.Host.Length == 0) throw new WorkerRefusal(WorkerFailure.BadRequest, "no worker was named");
        if (identity is null && !IsHere(request.Host)) throw Unreachable("without an identity a worker fetches values from this machine only");
        using var late = new CancellationTokenSource(patience, service.Options.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource([ct, late.Token, leaving.Token, service.Sessions.Closed(session)]);
        try
        {
            var options = new GrpcWorkerClientOptions { Identity = identity, AllowInsecure = identity is null };
            using var connection = await new PlaneDialer(request.Host, options, (_, _, _) => Task.FromResult(request.Entry)).DialAsync("", new(patience), end.Token).ConfigureAwait(false);
            await connection.WriteAsync(PlaneKind.Transfer, request.Identifier, end.Token, 0, (long)patience.TotalMilliseconds).ConfigureAwait(false);
            await connection.FlushAsync(end.Token).ConfigureAwait(false);
            var answer = await connection.ReadAsync(end.Token).ConfigureAwait(false);
            if (answer.Kind != PlaneKind.Value) throw Unreachable(answer.Kind == PlaneKind.Refused ? answer.Text : $"{answer.Kind} is no answer to that");
            using var upload = service.Upload(session, name, remember: false);
            await connection.ReadValueAsync(upload.Reader, upload.Feed, () => service.Enter(session), end.Token).ConfigureAwait(false);
            var handle = upload.Finish();
            if (!ct.IsCancellationRequested) return handle;
            service.Values.Free(handle.Id, session);   // after adding: who cancels it frees what is there by then
            throw new OperationCanceledException(ct);
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw Unreachable("it did not send the value in time", e);
        }
        catch (Exception e) when (e is IOException or PlaneUnreachableException or ObjectDisposedException or RaisedException)
        {
            throw Unreachable(e.Message, e);
        }
    }

    // No other name is looked up: who answers for names decides where they lead.
    static bool IsHere(string host) => host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    static WorkerRefusal Unreachable(string why, Exception? e = null) => new(WorkerFailure.PeerUnreachable, $"it cannot fetch the value from another worker: {why}", e);
}
