using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.DataPlane;

/// <summary>The contract over each way values can travel. Through a local socket it is <see cref="Workers.GrpcWorkerClientTests"/>.</summary>
public abstract class PlaneContractTests : WorkerClientContract
{
    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));
    static readonly string token = TokenFile.NewToken();
    static readonly ClusterAuthority authority = new("plane-tests", TimeSpan.FromHours(1));

    private protected virtual GrpcWorkerClientOptions Client => new() { Token = token };

    private protected virtual WorkerHostOptions Host => new() { Listen = "127.0.0.1:0", Token = token };

    private protected static GrpcWorkerClientOptions TlsClient => new() { Identity = authority.Issue("coordinator") };

    private protected static WorkerHostOptions TlsHost => new() { Listen = "127.0.0.1:0", Identity = authority.Issue("worker") };

    private protected override async Task<WorkerUnderTest> StartAsync(RunFragment run, long byteLimit = 0)
    {
        var host = await WorkerHost.StartAsync(Host with { ByteLimit = byteLimit, DrainTimeout = TimeSpan.FromSeconds(1) }, run, default);
        var client = new GrpcWorkerClient(host.Address, Client with { ChunkBytes = 99_991 });
        await client.HelloAsync(budget, default);
        return new(client, () => host.Stats, host.DisposeAsync);
    }

    [Fact]
    public async Task A_thread_that_waits_for_answers_uses_few_connections()
    {
        await using var worker = await StartAsync(new ScriptedFragments().Run);
        var client = (GrpcWorkerClient)worker.Client;
        AnswerWaitTests.OnThread(() =>
        {
            for (int i = 0; i < 40; i++)
            {
                using var wait = new AnswerWait();
                var call = client.ComputeAsync(new("echo", 0), [], budget, default).AsTask();
                wait.Until(call, default);
                Assert.True(call.Wait(budget.Timeout), "no answer");
            }
        });
        // One is enough, and one may have been made ahead; which came first is a matter of luck.
        Assert.InRange(client.KeptConnections, 0, 3);
    }
}

/// <summary>Over TCP.</summary>
public sealed class TcpPlaneTests : PlaneContractTests
{
    private protected override GrpcWorkerClientOptions Client => base.Client with { LocalSockets = false };
}

/// <summary>Over TCP with TLS.</summary>
public sealed class TlsPlaneTests : PlaneContractTests
{
    private protected override GrpcWorkerClientOptions Client => TlsClient with { LocalSockets = false };

    private protected override WorkerHostOptions Host => TlsHost;
}

/// <summary>Through a tunnel, with TLS inside.</summary>
public sealed class TunnelPlaneTests : PlaneContractTests
{
    private protected override GrpcWorkerClientOptions Client => TlsClient with { Connect = Tunnel.ConnectAsync };

    private protected override WorkerHostOptions Host => TlsHost;
}

/// <summary>The client wants values over gRPC.</summary>
public sealed class ClientWithoutPlaneTests : PlaneContractTests
{
    private protected override GrpcWorkerClientOptions Client => base.Client with { DataPlane = false };
}

/// <summary>The worker offers nothing else, and all is encrypted.</summary>
public sealed class WorkerWithoutPlaneTests : PlaneContractTests
{
    private protected override GrpcWorkerClientOptions Client => TlsClient;

    private protected override WorkerHostOptions Host => TlsHost with { DataPlane = false };
}
