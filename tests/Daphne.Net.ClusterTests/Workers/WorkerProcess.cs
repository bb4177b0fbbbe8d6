using System.Diagnostics;
using Daphne.Net.Distributed;

namespace Daphne.Net.ClusterTests.Workers;

/// <summary>A real worker process.</summary>
sealed class WorkerProcess : IAsyncDisposable
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    WorkerProcess(Process process, string address) => (Process, Address) = (process, address);

    public Process Process { get; }

    public string Address { get; }

    /// <summary>Starts one on a free port with the secret as its first line of input, and waits until it listens.</summary>
    public static async Task<WorkerProcess> StartAsync(string token, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Daphne.Net.Worker"), [.. arguments, "--token-stdin", "127.0.0.1:0"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(token);
        await process.StandardInput.FlushAsync();
        string? line = await process.StandardOutput.ReadLineAsync().WaitAsync(patience);
        Assert.StartsWith("Started Distributed Worker on ", line ?? await process.StandardError.ReadToEndAsync());
        return new(process, line!["Started Distributed Worker on ".Length..]);
    }

    /// <summary>A greeted client.</summary>
    public async Task<GrpcWorkerClient> ConnectAsync(string token, int keepAliveSeconds = 20)
    {
        var client = new GrpcWorkerClient(Address, new() { Token = token, KeepAlive = TimeSpan.FromSeconds(keepAliveSeconds) });
        await client.HelloAsync(CallBudget.Control, default);
        return client;
    }

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, Process.Id.ToString()]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        await Process.WaitForExitAsync().WaitAsync(patience);
        return Process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited) Process.Kill();
        await Process.WaitForExitAsync();
        Process.Dispose();
    }
}
