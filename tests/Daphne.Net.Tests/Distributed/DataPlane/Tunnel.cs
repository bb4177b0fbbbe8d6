using System.Net.Sockets;

namespace Daphne.Net.Tests.Distributed.DataPlane;

/// <summary>A way to a worker that counts what passes, and cuts it behind a number of bytes.</summary>
/// <param name="control">The port of the control plane, which is neither counted nor cut; 0: none is.</param>
/// <param name="mostOut">Bytes to the worker before the cut.</param>
/// <param name="mostIn">Bytes from the worker before the cut.</param>
sealed class Tunnel(int control, long mostOut = long.MaxValue, long mostIn = long.MaxValue)
{
    long sent, received;

    public long Sent => Interlocked.Read(ref sent);

    public long Received => Interlocked.Read(ref received);

    /// <summary>Connections other than those of the control plane.</summary>
    public int Connections { get; private set; }

    /// <summary>How often calls were made again because of it; noted by who uses it.</summary>
    public long Retries { get; set; }

    public static async ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(host, port, ct);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public async ValueTask<Stream> OpenAsync(string host, int port, CancellationToken ct)
    {
        var stream = await ConnectAsync(host, port, ct);
        if (port == control) return stream;
        Connections++;
        return new Watched(stream, this);
    }

    sealed class Watched(Stream inner, Tunnel tunnel) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            long left = tunnel.MostIn - tunnel.Received;
            if (left == 0) inner.Dispose();
            int read = left == 0 ? 0 : await inner.ReadAsync(buffer[..(int)Math.Min(left, buffer.Length)], cancellationToken);
            Interlocked.Add(ref tunnel.received, read);
            return read;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            long left = tunnel.MostOut - tunnel.Sent;
            var part = buffer[..(int)Math.Min(left, buffer.Length)];
            await inner.WriteAsync(part, cancellationToken);
            Interlocked.Add(ref tunnel.sent, part.Length);
            if (part.Length == buffer.Length) return;
            inner.Dispose();
            throw new IOException("the tunnel was cut");
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing) => inner.Dispose();
    }

    long MostOut => mostOut;

    long MostIn => mostIn;
}
