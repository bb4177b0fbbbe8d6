using System.Diagnostics;
using System.Globalization;
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

    /// <summary><c>grpc-transfer worker</c> or <c>grpc-transfer client ADDRESS</c>.</summary>
    public static async Task RunAsync(string[] args)
    {
        if (args[0] == "worker") await WorkAsync();
        else await TransferAsync(args[1]);
    }

    static async Task WorkAsync()
    {
        var options = new WorkerHostOptions { Listen = "127.0.0.1:0", Token = Token, Output = Console.Out, Input = Console.In };
        await using var host = await WorkerHost.StartAsync(options, static (_, inputs, _) => [.. inputs], default);
        await host.RunAsync(default);
    }

    static async Task TransferAsync(string address)
    {
        await using var client = new GrpcWorkerClient(address, new() { Token = Token });
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
