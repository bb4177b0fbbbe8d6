using System.Net;
using System.Net.Sockets;
using System.Text;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Broadcasts;

/// <summary>Where a worker goes to fetch a value, and where not; whom it lets fetch one.</summary>
public sealed class PeerAccessTests
{
    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));

    [Fact]
    public async Task An_offer_is_good_once_and_for_its_value()
    {
        await using var cluster = await PeerCluster.StartAsync(2, "tcp");
        var (here, there) = (cluster.Clients[0], cluster.Clients[1]);
        var value = await here.StoreAsync(Datum.Of(2.5), budget, default);
        var other = await here.StoreAsync(Datum.Of(3.5), budget, default);
        var offer = await here.OfferAsync(value, budget, default);
        Assert.Equal(2.5, (await there.TransferAsync(await there.PullAsync(offer, budget, default), budget, default)).As<double>());
        Assert.Equal(WorkerFailure.PeerUnreachable, await ReasonAsync(there.PullAsync(offer, budget, default)));
        var second = await here.OfferAsync(value, budget, default);
        Assert.Equal(WorkerFailure.PeerUnreachable, await ReasonAsync(there.PullAsync(second with { Id = other.Id }, budget, default)));
        Assert.Equal(WorkerFailure.PeerUnreachable, await ReasonAsync(there.PullAsync(second, budget, default)));   // the attempt used it up
        Assert.Equal(WorkerFailure.PeerUnreachable, await ReasonAsync(there.PullAsync((await here.OfferAsync(value, budget, default)) with { Proof = "x" }, budget, default)));
        Assert.Equal(WorkerFailure.UnknownHandle, await ReasonAsync(here.OfferAsync(value with { Id = "none" }, budget, default)));
        Assert.DoesNotContain(second.Ticket, second.ToString());
        Assert.Equal(1, cluster.Hosts[1].Stats.Values);
    }

    [Fact]
    public async Task Values_of_another_session_are_not_offered()
    {
        await using var cluster = await PeerCluster.StartAsync(1, "tcp");
        await using var stranger = new GrpcWorkerClient(cluster.Hosts[0].Address, new() { Token = PeerCluster.Token });
        await stranger.HelloAsync(budget, default);
        var value = await cluster.Clients[0].StoreAsync(Datum.Of(2.5), budget, default);
        Assert.Equal(WorkerFailure.UnknownHandle, await ReasonAsync(stranger.OfferAsync(value, budget, default)));
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("169.254.169.254")]
    [InlineData("0.0.0.0")]
    [InlineData("example.org")]
    [InlineData("localhost.example.org")]
    [InlineData("::ffff:10.1.2.3")]
    [InlineData("fe80::1")]
    [InlineData("0")]
    public async Task Without_an_identity_a_worker_goes_nowhere_but_this_machine(string host)
    {
        await using var cluster = await PeerCluster.StartAsync(1, "tcp");
        var e = await Assert.ThrowsAsync<WorkerException>(async () => await cluster.Clients[0].PullAsync(new(host, 9, "", "ticket", "proof", "id"), budget, default));
        Assert.Equal((WorkerFailure.PeerUnreachable, "it cannot fetch the value from another worker: without an identity a worker fetches values from this machine only"), (e.Reason, e.Detail));
    }

    [Fact]
    public async Task With_an_identity_nobody_hears_the_ticket_who_does_not_belong_to_the_cluster()
    {
        await using var cluster = await PeerCluster.StartAsync(1, "tls");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        const string ticket = "0123456789abcdef0123456789abcdef";
        var pulling = ReasonAsync(cluster.Clients[0].PullAsync(new("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, "", ticket, "proof", "id"), budget, default));
        using var caller = await listener.AcceptTcpClientAsync();
        byte[] heard = new byte[4096];
        int read = await caller.GetStream().ReadAsync(heard);
        Assert.True(read > 0);
        Assert.DoesNotContain(ticket, Encoding.Latin1.GetString(heard, 0, read));
        await caller.GetStream().WriteAsync("no TLS at all\r\n"u8.ToArray());
        Assert.Equal(WorkerFailure.PeerUnreachable, await pulling);
    }

    static async Task<WorkerFailure> ReasonAsync<T>(ValueTask<T> call) => (await Assert.ThrowsAsync<WorkerException>(async () => await call)).Reason;
}
