using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Daphne.Net.Dialect;
using Grpc.Core;
using V1 = Daphne.Net.Distributed.Protocol.V1;

namespace Daphne.Net.Distributed;

/// <summary>No connection came up; the message says why.</summary>
sealed class PlaneUnreachableException(string why, Exception? inner = null) : Exception(why, inner);

/// <summary>
/// Makes connections of the data plane to one worker: a ticket over the control plane, then the local socket where the worker is a process of ours on this machine, else TCP (through
/// the tunnel, where there is one) with TLS where the control plane has it.
/// </summary>
/// <param name="host">The worker's machine, as the control plane calls it.</param>
/// <param name="options">Of the client.</param>
/// <param name="ticket">Asks for a ticket.</param>
sealed class PlaneDialer(string host, GrpcWorkerClientOptions options, Func<string, CallBudget, CancellationToken, Task<V1.OpenDataReply>> ticket)
{
    // A firewall that says nothing costs this once.
    static readonly TimeSpan patience = TimeSpan.FromSeconds(5);

    /// <exception cref="PlaneUnreachableException">None came up.</exception>
    /// <exception cref="RpcException">The worker gives no ticket.</exception>
    public async Task<PlaneConnection> DialAsync(string session, CallBudget budget, CancellationToken ct)
    {
        var reply = await ticket(session, budget, ct).ConfigureAwait(false);
        if (reply.Port is 0 or > ushort.MaxValue) throw new PlaneUnreachableException("the worker has no port for them");
        using var late = new CancellationTokenSource(patience);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        Stream? stream = null;
        try
        {
            var socket = await LocalAsync(reply.LocalName, end.Token).ConfigureAwait(false);
            bool isLocal = socket is not null;
            if (socket is null && options.Connect is null) socket = await NetworkAsync((int)reply.Port, end.Token).ConfigureAwait(false);
            stream = socket is null ? await options.Connect!(host, (int)reply.Port, end.Token).ConfigureAwait(false) : new NetworkStream(socket, ownsSocket: true);
            if (options.Identity is { } identity && !isLocal)
            {
                var tls = new SslStream(stream);
                stream = tls;
                await tls.AuthenticateAsClientAsync(PeerTls.Client(identity), end.Token).ConfigureAwait(false);
            }
            var connection = new PlaneConnection(stream, socket, isBare: stream is NetworkStream);
            await ShowAsync(connection, reply, isLocal, end.Token).ConfigureAwait(false);
            stream = null;
            return connection;
        }
        // Whatever a tunnel throws: there is another way.
        catch (Exception e) when (!ct.IsCancellationRequested && e is not PlaneUnreachableException)
        {
            throw new PlaneUnreachableException(late.IsCancellationRequested ? $"port {reply.Port} does not answer" : e.Message, e);
        }
        finally
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    static async Task ShowAsync(PlaneConnection connection, V1.OpenDataReply reply, bool isLocal, CancellationToken ct)
    {
        await connection.WriteAsync(PlaneKind.Open, reply.Ticket, ct).ConfigureAwait(false);
        await connection.FlushAsync(ct).ConfigureAwait(false);
        // A socket that no task ever waited for wakes nobody but the thread that waits for it.
        if (isLocal) await Task.Run(() => connection.Wait(ct), ct).ConfigureAwait(false);
        var answer = await connection.ReadAsync(ct).ConfigureAwait(false);
        if (answer.Kind != PlaneKind.Opened || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(answer.Text), Encoding.UTF8.GetBytes(reply.Proof)))
            throw new PlaneUnreachableException($"who answers on port {reply.Port} is not the worker");
    }

    // On another machine there is nobody of that name, and where another user's process has it nothing is said to it.
    async Task<Socket?> LocalAsync(string name, CancellationToken ct)
    {
        if (name.Length is 0 or > 64 || options.Connect is not null || !PlaneSockets.HasLocal || !options.LocalSockets) return null;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(PlaneSockets.Local(name), ct).ConfigureAwait(false);
            PlaneSockets.SetUp(socket);
            if (PlaneSockets.IsSameUser(socket)) return socket;
        }
        catch (SocketException)
        {
            // TCP, then.
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        socket.Dispose();
        return null;
    }

    async Task<Socket> NetworkAsync(int port, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host, port, ct).ConfigureAwait(false);
            PlaneSockets.SetUp(socket);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
