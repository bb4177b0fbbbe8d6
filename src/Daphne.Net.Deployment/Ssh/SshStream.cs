using System.Diagnostics;

namespace Daphne.Net.Deployment;

/// <summary>A connection through SSH: the standard streams of an <c>ssh -W</c>. Nothing listens on this machine.</summary>
sealed class SshStream(Process process, string target, Func<string> masterWords) : Stream
{
    readonly Stream input = process.StandardInput.BaseStream, output = process.StandardOutput.BaseStream;
    readonly Task<string> error = process.StandardError.ReadToEndAsync();
    bool received;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int n = await output.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        // An end before the first byte is a connection that never was: ssh says why.
        if (n == 0 && !received && buffer.Length > 0) throw await NeverWasAsync(cancellationToken).ConfigureAwait(false);
        received |= n > 0;
        return n;
    }

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await input.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        await input.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        input.Write(buffer, offset, count);
        input.Flush();
    }

    public override void Flush() => input.Flush();
    public override Task FlushAsync(CancellationToken cancellationToken) => input.FlushAsync(cancellationToken);
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ChildProcess.Kill(process);
            process.Dispose();
        }
        base.Dispose(disposing);
    }

    async Task<IOException> NeverWasAsync(CancellationToken ct)
    {
        string said = (await error.WaitAsync(ct).ConfigureAwait(false)).Trim();
        if (masterWords() is { Length: > 0 } words) said = $"{said}\n{words}".Trim();
        var reason = DeploymentFailures.OfSsh(said);
        string message = $"cannot connect to {target}{(said.Length > 0 ? "; ssh said:\n" + said : "")}";
        return new IOException(message, new DeploymentException(reason, message));
    }
}
