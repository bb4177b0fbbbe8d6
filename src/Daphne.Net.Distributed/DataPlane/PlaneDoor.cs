using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>The worker's end of the data plane: listens on a port of its own and, for processes of the same user on this machine, on a local socket.</summary>
sealed class PlaneDoor : IAsyncDisposable
{
    /// <summary>Connections at once, those that have not shown a ticket yet included.</summary>
    const int Most = 256;

    static readonly TimeSpan patienceWithStrangers = TimeSpan.FromSeconds(10);

    readonly WorkerService service;
    readonly PeerIdentity? identity;
    readonly Socket network;
    readonly Socket? local;
    readonly CancellationTokenSource closing = new(), cut = new();
    readonly HashSet<Task> open = [];
    readonly Lock gate = new();
    readonly Task accepting;

    PlaneDoor(WorkerService service, PeerIdentity? identity, Socket network, Socket? local, string localName)
    {
        (this.service, this.identity, this.network, this.local, LocalName) = (service, identity, network, local, localName);
        Tickets = new(service.Options.Time);
        Port = ((IPEndPoint)network.LocalEndPoint!).Port;
        accepting = Task.WhenAll(AcceptAsync(network), local is null ? Task.CompletedTask : AcceptAsync(local));
    }

    /// <summary>Where it listens, beside the worker's address.</summary>
    public int Port { get; }

    /// <summary>The name of its local socket; empty: there is none.</summary>
    public string LocalName { get; }

    /// <summary>Who may come in.</summary>
    public PlaneTickets Tickets { get; }

    /// <exception cref="SocketException">There is no free port.</exception>
    public static PlaneDoor Open(IPAddress address, WorkerService service, PeerIdentity? identity)
    {
        var network = Listener(new IPEndPoint(address, 0));
        string name = PlaneSockets.HasLocal ? $"daphne-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}" : "";
        try
        {
            return new(service, identity, network, name.Length == 0 ? null : Listener(PlaneSockets.Local(name)), name);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Takes no more connections and ends those that wait; lets messages under way end, and cuts what is left when <paramref name="patience"/> is cancelled.</summary>
    public async Task StopAsync(CancellationToken patience)
    {
        await closing.CancelAsync().ConfigureAwait(false);
        network.Dispose();
        local?.Dispose();
        await accepting.ConfigureAwait(false);
        using (patience.Register(cut.Cancel)) await Task.WhenAll(Connections()).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await cut.CancelAsync().ConfigureAwait(false);
        await StopAsync(default).ConfigureAwait(false);
    }

    static Socket Listener(EndPoint at)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(at);
            socket.Listen(128);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    Task[] Connections()
    {
        lock (gate) return [.. open];
    }

    async Task AcceptAsync(Socket listener)
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(closing.Token).ConfigureAwait(false);
                Begin(socket);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Out of file handles, mostly: that passes.
                DistributedLog.PlaneAccept(service.Options.Log, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(100), service.Options.Time, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    void Begin(Socket socket)
    {
        lock (gate)
        {
            if (open.Count >= Most)
            {
                socket.Dispose();
                return;
            }
            var serving = Task.Run(() => ServeAsync(socket));
            open.Add(serving);
            _ = serving.ContinueWith(ended =>
            {
                lock (gate) open.Remove(ended);
            }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    async Task ServeAsync(Socket socket)
    {
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            PlaneSockets.SetUp(socket);
            bool isLocal = socket.AddressFamily == AddressFamily.Unix;
            if (isLocal && !PlaneSockets.IsSameUser(socket)) return;
            if (await GreetAsync(isLocal).ConfigureAwait(false) is { } guest) await new PlaneGuest(service, guest.Connection, guest.Visit.Session, guest.Visit.Only).ServeAsync(closing.Token, cut.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException or RaisedException)
        {
            DistributedLog.PlaneConnectionEnded(service.Options.Log, e.Message);
        }
        catch (Exception e)   // the edge of the worker: a bug on one connection must not go unheard
        {
            DistributedLog.HandlerFailed(service.Options.Log, e, "a connection for values");
        }
        finally
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }

        async Task<(PlaneConnection Connection, PlaneVisit Visit)?> GreetAsync(bool isLocal)
        {
            using var late = new CancellationTokenSource(patienceWithStrangers, service.Options.Time);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, closing.Token);
            if (identity is not null && !isLocal)
            {
                var tls = new SslStream(stream);
                stream = tls;
                await tls.AuthenticateAsServerAsync(PeerTls.Server(identity), end.Token).ConfigureAwait(false);
            }
            var connection = new PlaneConnection(stream, socket, isBare: stream is NetworkStream);
            // Who is let in here says so at once, and a socket that no task ever waited for wakes nobody but the thread that serves it.
            if (isLocal) connection.Wait(end.Token);
            var first = await connection.ReadAsync(end.Token).ConfigureAwait(false);
            var known = first.Kind == PlaneKind.Open ? Tickets.Take(first.Text) : null;
            if (known is { } guest) await connection.WriteAsync(PlaneKind.Opened, guest.Proof, end.Token).ConfigureAwait(false);
            else await connection.WriteAsync(PlaneKind.Refused, "not authenticated", end.Token, failure: WorkerFailure.Unauthenticated).ConfigureAwait(false);
            await connection.FlushAsync(end.Token).ConfigureAwait(false);
            return known is null ? null : (connection, known.Value);
        }
    }
}
