using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.Workers;

/// <summary>Values beyond the range of 32-bit numbers. They need about 8 GB of memory, so they run when asked for.</summary>
public sealed class LargeValueTests(ITestOutputHelper output)
{
    static readonly CallBudget budget = new(TimeSpan.FromMinutes(20));

    [Theory(Explicit = true)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task More_than_two_to_the_31_bytes_go_there_and_back(bool plane)
    {
        const long rows = (1L << 31) / 1000 + 100_000;
        string token = TokenFile.NewToken();
        await using var host = await WorkerHost.StartAsync(new() { Listen = "127.0.0.1:0", Token = token }, new ScriptedFragments().Run, default);
        await using var client = new GrpcWorkerClient(host.Address, new() { Token = token, DataPlane = plane });
        await client.HelloAsync(budget, default);
        var value = DenseMatrix<byte>.Allocate(rows, 1000);
        long cell = 0;
        foreach (var (start, length) in value.Chunks())
            foreach (ref byte b in value.WritableSpan(start, length)) b = (byte)(cell++ * 2654435761 >> 13);
        Assert.True(value.Cells > int.MaxValue);
        long began = Stopwatch.GetTimestamp();
        var handle = await client.StoreAsync(Datum.Of(value), budget, default);
        var stored = Stopwatch.GetElapsedTime(began);
        Assert.Equal((rows, 1000L), (handle.Rows, handle.Cols));
        Assert.Equal(new WorkerStats(rows * 1000, 1), host.Stats);
        began = Stopwatch.GetTimestamp();
        var back = (DenseMatrix<byte>)(await client.TransferAsync(handle, budget, default)).Object;
        var fetched = Stopwatch.GetElapsedTime(began);
        foreach (var (start, length) in value.Chunks()) Assert.True(value.Span(start, length).SequenceEqual(back.Span(start, length)), $"cells from {start} on");
        output.WriteLine($"{value.Cells} bytes {(plane ? "beside" : "over")} gRPC: there in {stored.TotalSeconds:0.0} s, back in {fetched.TotalSeconds:0.0} s");
        value.Release();
        back.Release();
    }
}
