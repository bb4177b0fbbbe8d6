using System.Net.Sockets;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Workers;

/// <summary>The same worker, with TLS on both sides: the contract, and who is not let in.</summary>
public sealed class TlsWorkerClientTests : WorkerClientContract
{
    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));
    static readonly ClusterAuthority authority = new("tls-tests", TimeSpan.FromHours(1));

    private protected override async Task<WorkerUnderTest> StartAsync(RunFragment run, long byteLimit = 0)
    {
        var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Identity = authority.Issue("worker"), ByteLimit = byteLimit, DrainTimeout = TimeSpan.FromSeconds(1) }, run, default);
        var client = new GrpcWorkerClient(host.Address, new() { Identity = authority.Issue("coordinator"), ChunkBytes = 99_991 });
        await client.HelloAsync(budget, default);
        return new(client, () => host.Stats, host.DisposeAsync);
    }

    static Task<WorkerHost> HostAsync(string listen = "127.0.0.1:0") => WorkerHost.StartAsync(new() { Listen = listen, Identity = authority.Issue("worker") }, new ScriptedFragments().Run, default);

    [Fact]
    public async Task Strangers_are_not_let_in_and_the_worker_stays_up()
    {
        await using var host = await HostAsync();
        using var other = new ClusterAuthority("other", TimeSpan.FromHours(1));
        using var sameName = new ClusterAuthority("tls-tests", TimeSpan.FromHours(1));
        using var old = new ClusterAuthority("tls-tests", TimeSpan.FromHours(1), new ManualTime());
        GrpcWorkerClientOptions[] strangers =
        [
            new() { Identity = other.Issue("coordinator") }, new() { Identity = sameName.Issue("coordinator") }, new() { Identity = old.Issue("coordinator") },
            new() { Token = TokenFile.NewToken() }, new() { AllowInsecure = true },
        ];
        foreach (var options in strangers)
        {
            await using var stranger = new GrpcWorkerClient(host.Address, options);
            var refused = await Assert.ThrowsAsync<WorkerException>(async () => await stranger.HelloAsync(budget, default));
            Assert.True(refused.Reason is WorkerFailure.Unauthenticated or WorkerFailure.Unreachable, refused.ToString());
        }
        await using var member = new GrpcWorkerClient(host.Address, new() { Identity = authority.Issue("coordinator") });
        Assert.False((await member.HelloAsync(budget, default)).Foreign);
    }

    [Fact]
    public async Task A_worker_of_another_cluster_is_not_talked_to()
    {
        await using var host = await HostAsync();
        using var other = new ClusterAuthority("other", TimeSpan.FromHours(1));
        await using var client = new GrpcWorkerClient(host.Address, new() { Identity = other.Issue("coordinator") });
        var refused = await Assert.ThrowsAsync<WorkerException>(async () => await client.HelloAsync(budget, default));
        Assert.Equal(WorkerFailure.Unauthenticated, refused.Reason);
        Assert.Contains("not of this cluster", refused.Message);
    }

    [Fact]
    public async Task Other_machines_may_reach_it_without_further_consent()
    {
        await using var host = await HostAsync("0.0.0.0:0");
        await using var client = new GrpcWorkerClient("127.0.0.1:" + host.Address.Split(':')[1], new() { Identity = authority.Issue("coordinator") });
        await client.HelloAsync(budget, default);
    }

    [Fact]
    public async Task The_connection_may_be_made_by_somebody_else()
    {
        await using var host = await HostAsync();
        var asked = new List<string>();
        int port = int.Parse(host.Address.Split(':')[1]);
        await using var client = new GrpcWorkerClient("node17:1234", new()
        {
            Identity = authority.Issue("coordinator"),
            Connect = async (name, number, ct) =>
            {
                asked.Add($"{name}:{number}");
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync("127.0.0.1", port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        await client.HelloAsync(budget, default);
        Assert.Equal(["node17:1234"], asked);
    }

    [Fact]
    public void An_identity_goes_through_a_file_only_its_owner_can_read()
    {
        string folder = Directory.CreateTempSubdirectory("daphne-identity-").FullName, path = Path.Combine(folder, "identity.pem");
        try
        {
            using var issued = authority.Issue("node 1");
            issued.Write(path);
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            using var read = PeerIdentity.Read(path);
            Assert.Equal("tls-tests", read.ClusterId);
            Assert.Equal(issued.ToPem(), read.ToPem());
            Assert.Equal("DPH5112", Assert.Throws<RaisedException>(() => issued.Write(path)).Def.Code);
            File.WriteAllText(path, issued.ToPem().Replace("PRIVATE KEY", "OTHER THING"));
            Assert.Equal("DPH5111", Assert.Throws<RaisedException>(() => PeerIdentity.Read(path)).Def.Code);
            if (OperatingSystem.IsWindows()) return;
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            Assert.Equal("DPH5110", Assert.Throws<RaisedException>(() => PeerIdentity.Read(path)).Def.Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
