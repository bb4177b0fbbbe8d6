using System.Net.Sockets;

namespace Daphne.Net.Deployment;

/// <summary>This machine.</summary>
public sealed class LocalShell : IShell
{
    /// <inheritdoc/>
    public string Name => "this machine";

    /// <inheritdoc/>
    public async Task<ShellResult> RunAsync(ShellCommand command, CancellationToken ct = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(command.Timeout);
        var process = ChildProcess.Start("/bin/sh", ["-c", "LC_ALL=C; export LC_ALL; " + command.Script]);
        try
        {
            return await ChildProcess.CompleteAsync(process, command.Input, command.OnLine, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw DeploymentFailures.Late(command, Name);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> UploadAsync(UploadedFile file, IProgress<long>? sentBytes = null, CancellationToken ct = default)
    {
        using var source = RemoteFile.OpenLocal(file.LocalPath);
        string hash = await RemoteFile.HashAsync(source, ct).ConfigureAwait(false);
        return await RemoteFile.PutAsync(this, file, source, hash, sentBytes, ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken ct = default)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, ct).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new DeploymentException(DeploymentFailure.Unreachable, $"cannot connect to {host}:{port}: {e.Message}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
