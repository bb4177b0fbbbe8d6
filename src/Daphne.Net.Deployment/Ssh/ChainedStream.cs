namespace Daphne.Net.Deployment;

/// <summary>Some bytes, then what a stream holds. The stream stays the caller's.</summary>
sealed class ChainedStream(ReadOnlyMemory<byte> first, Stream? then) : Stream
{
    ReadOnlyMemory<byte> rest = first;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => rest.IsEmpty ? then?.Read(buffer, offset, count) ?? 0 : Take(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        !rest.IsEmpty ? Take(buffer.Span) : then is null ? 0 : await then.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    int Take(Span<byte> buffer)
    {
        int n = Math.Min(buffer.Length, rest.Length);
        rest.Span[..n].CopyTo(buffer);
        rest = rest[n..];
        return n;
    }
}
