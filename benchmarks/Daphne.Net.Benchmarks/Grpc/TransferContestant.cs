using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Daphne.Net.Data;
using Daphne.Net.Distributed;

namespace Daphne.Net.Benchmarks.Grpc;

/// <summary>
/// Our side of <c>peers/grpc_transfer.py</c>: a worker, and a client that moves one matrix of 160 MB, or asks 200 small questions, whenever it is told to. Each step is timed by
/// itself; the script interleaves us with grpcio.
/// </summary>
static class TransferContestant
{
    const long Rows = 5000, Cols = 4000;
    const int Asks = 200;
    const string Token = "the token of a benchmark on loopback";

    static readonly CallBudget budget = new(TimeSpan.FromMinutes(2));

    /// <summary>
    /// <c>grpc-transfer WAY worker</c> or <c>grpc-transfer WAY client ADDRESS</c>. Ways: <c>grpc</c>, <c>local</c> and <c>tcp</c> (the data plane over a local socket and over TCP),
    /// these with TLS and identities (<c>grpc-tls</c>, <c>tcp-tls</c>), and what the machine can do: <c>raw</c>, a TCP socket with nothing around it.
    /// </summary>
    public static async Task RunAsync(string[] args)
    {
        string way = args[0];
        switch (way, args[1])
        {
            case ("raw", "worker"): RawTransfer.Work(); break;
            case ("raw", _): RawTransfer.Transfer(args[2]); break;
            case (_, "worker"): await WorkAsync(way); break;
            default: await TransferAsync(way, args[2]); break;
        }
    }

    // Both processes find it in the folder they were started with.
    static PeerIdentity? IdentityOf(string way, string name)
    {
        if (!way.EndsWith("-tls", StringComparison.Ordinal)) return null;
        string folder = Environment.GetEnvironmentVariable("DAPHNE_BENCH_FOLDER") ?? throw new InvalidOperationException("DAPHNE_BENCH_FOLDER names a folder for identities");
        if (name == "worker")
        {
            using var authority = new ClusterAuthority("bench", TimeSpan.FromHours(2));
            foreach (string member in (string[])["worker", "coordinator"]) authority.Issue(member).Write(Path.Combine(folder, $"{way}-{member}.pem"));
        }
        return PeerIdentity.Read(Path.Combine(folder, $"{way}-{name}.pem"));
    }

    static async Task WorkAsync(string way)
    {
        var identity = IdentityOf(way, "worker");
        var options = new WorkerHostOptions { Listen = "127.0.0.1:0", Identity = identity, Token = identity is null ? Token : null, Output = Console.Out, Input = Console.In };
        await using var host = await WorkerHost.StartAsync(options, static (_, inputs, _) => [.. inputs], default);
        await host.RunAsync(default);
    }

    static async ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(host, port, ct);
        return new NetworkStream(socket, ownsSocket: true);
    }

    static async Task TransferAsync(string way, string address)
    {
        var identity = IdentityOf(way, "coordinator");
        await using var client = new GrpcWorkerClient(address, new()
        {
            Identity = identity, Token = identity is null ? Token : null, DataPlane = !way.StartsWith("grpc", StringComparison.Ordinal),
            Connect = way.StartsWith("tcp", StringComparison.Ordinal) ? ConnectAsync : null,   // whoever says how to connect gets no local socket
        });
        await client.HelloAsync(budget, default);
        var matrix = DenseMatrix<double>.Allocate(Rows, Cols);
        for (long row = 0; row < Rows; row++)
            for (int col = 0; col < Cols; col++) matrix.WritableRow(row)[col] = row * 0.5 + col;
        var kept = await client.StoreAsync(Datum.Of(matrix), budget, default);
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } what)
        {
            long start = Stopwatch.GetTimestamp();
            var seconds = what switch { "up" => await StoreAsync(), "down" => await LoadAsync(), _ => await AskAsync() };
            Console.WriteLine(seconds.TotalSeconds.ToString("R", CultureInfo.InvariantCulture));

            async Task<TimeSpan> StoreAsync()
            {
                var handle = await client.StoreAsync(Datum.Of(matrix), budget, default);
                var time = Stopwatch.GetElapsedTime(start);
                await client.FreeAsync([handle], budget, default);
                return time;
            }

            async Task<TimeSpan> AskAsync()
            {
                for (int i = 0; i < Asks; i++) await client.StatsAsync(budget, default);
                return Stopwatch.GetElapsedTime(start);
            }

            async Task<TimeSpan> LoadAsync()
            {
                var back = (DenseMatrix<double>)(await client.TransferAsync(kept, budget, default)).Object;
                var time = Stopwatch.GetElapsedTime(start);
                if (back[Rows - 1, Cols - 1] != matrix[Rows - 1, Cols - 1]) throw new InvalidOperationException("what came back is not what was sent");
                back.Release();
                return time;
            }
        }
    }
}
