using System.ComponentModel;
using System.Diagnostics;

namespace Daphne.Net.Deployment;

/// <summary>
/// A worker process on this machine. Its standard input stays open while we live: when it closes, because we stop the worker or because we
/// died (even by SIGKILL), the worker ends by itself.
/// </summary>
public sealed class LocalWorker : IAsyncDisposable
{
    /// <summary>What a worker prints once it listens; its address follows.</summary>
    public const string ReadyLine = "Started Distributed Worker on ";

    const int TailLines = 40;

    readonly Process process;
    readonly TimeSpan stopTimeout;
    readonly Queue<string> tail = new();
    readonly TaskCompletionSource<string> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    readonly Lazy<Task> stop;

    LocalWorker(Process process, TimeSpan stopTimeout)
    {
        (this.process, this.stopTimeout) = (process, stopTimeout);
        stop = new(StopAsync);
    }

    /// <summary>The process id.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Where it listens: <c>host:port</c>.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Ends when the process has ended.</summary>
    public Task Exited { get; private set; } = Task.CompletedTask;

    /// <summary>The last lines it printed, oldest first.</summary>
    public string LogTail
    {
        get { lock (tail) return string.Join('\n', tail); }
    }

    internal static async Task<LocalWorker> StartAsync(LocalWorkerOptions options, int number, IProgress<DeployProgress>? progress, CancellationToken ct)
    {
        var start = new ProcessStartInfo(options.Command[0])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (string argument in options.Command.Skip(1).Concat(options.Arguments(number))) start.ArgumentList.Add(argument);
        foreach (var (name, value) in options.Environment)
        {
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        }
        progress?.Report(new(DeployStep.Starting, number, options.Workers, options.Command[0]));

        var worker = new LocalWorker(new Process { StartInfo = start }, options.StopTimeout);
        try
        {
            worker.process.Start();
        }
        catch (Win32Exception e)
        {
            throw new DeploymentException(DeploymentFailure.StartFailed, $"cannot start {options.Command[0]}: {e.Message}", e);
        }
        try
        {
            await worker.BecomeReadyAsync(options, ct).ConfigureAwait(false);
        }
        catch
        {
            await worker.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        progress?.Report(new(DeployStep.Listening, number, options.Workers, worker.Address));
        return worker;
    }

    async Task BecomeReadyAsync(LocalWorkerOptions options, CancellationToken ct)
    {
        ProcessId = process.Id;
        Exited = process.WaitForExitAsync(CancellationToken.None);
        process.OutputDataReceived += (_, e) => Heard(e.Data);
        process.ErrorDataReceived += (_, e) => Heard(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.StandardInput.WriteLineAsync(options.Secret.AsMemory(), ct).ConfigureAwait(false);
            await process.StandardInput.FlushAsync(ct).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It ended before it read its secret; what follows says so with its last words.
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.StartTimeout);
        try
        {
            await Task.WhenAny(ready.Task, Exited).WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new DeploymentException(DeploymentFailure.TimedOut, $"the worker (process {ProcessId}) did not listen within {options.StartTimeout.TotalSeconds:0} s{LastWords()}");
        }
        if (!ready.Task.IsCompleted)
            throw new DeploymentException(DeploymentFailure.WorkerEnded, $"the worker ended with status {process.ExitCode} before it listened{LastWords()}");
        Address = await ready.Task.ConfigureAwait(false);
    }

    void Heard(string? line)
    {
        if (line is null) return;
        lock (tail)
        {
            tail.Enqueue(line);
            if (tail.Count > TailLines) tail.Dequeue();
        }
        if (line.StartsWith(ReadyLine, StringComparison.Ordinal)) ready.TrySetResult(line[ReadyLine.Length..].Trim().Trim('`', '"'));
    }

    string LastWords() => LogTail is { Length: > 0 } words ? "; it said:\n" + words : " and said nothing";

    /// <summary>Tells it to end by closing its input, waits, kills it if it does not end in time. May be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (ProcessId != 0) await stop.Value.ConfigureAwait(false);
    }

    async Task StopAsync()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The pipe is broken: it has ended already.
        }
        try
        {
            await Exited.WaitAsync(stopTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await Exited.WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(false);
        }
        process.Dispose();   // its output pipes stay open otherwise until the collector finds them
    }
}
