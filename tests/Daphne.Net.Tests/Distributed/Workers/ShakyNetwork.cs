using System.Net.Sockets;

namespace Daphne.Net.Tests.Distributed.Workers;

/// <summary>Connections that a test cuts or holds up; give <see cref="ConnectAsync"/> to a client.</summary>
sealed class ShakyNetwork
{
    readonly Lock gate = new();
    readonly List<Wire> wires = [];
    TaskCompletionSource? held;
    bool both;
    long cutAfter = long.MaxValue;

    /// <summary>Connections that a cut ended.</summary>
    public int Cuts { get; private set; }

    /// <summary>Bytes sent so far.</summary>
    public long Sent => Interlocked.Read(ref sent);

    long sent;

    /// <summary>Connections made so far.</summary>
    public int Made { get; private set; }

    public async ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(host, port, ct);
        var wire = new Wire(this, new NetworkStream(socket, ownsSocket: true));
        lock (gate)
        {
            wires.Add(wire);
            Made++;
        }
        return wire;
    }

    /// <summary>Ends all connections now, without a word.</summary>
    public void Cut()
    {
        Wire[] all;
        lock (gate)
        {
            all = [.. wires];
            wires.Clear();
            Cuts += all.Length;
        }
        foreach (var wire in all) wire.Dispose();
    }

    /// <summary>Cuts once, when so many more bytes have been sent.</summary>
    public void CutAfter(long bytes) => Interlocked.Exchange(ref cutAfter, bytes);

    /// <summary>What the worker says waits, until <see cref="Release"/>.</summary>
    /// <param name="bothWays">What it is told, too.</param>
    public void Hold(bool bothWays = false) => (both, held) = (bothWays, new(TaskCreationOptions.RunContinuationsAsynchronously));

    public void Release()
    {
        var waiting = held;
        held = null;
        waiting?.SetResult();
    }

    bool Passes(int bytes)
    {
        if (Interlocked.Read(ref cutAfter) == long.MaxValue || Interlocked.Add(ref cutAfter, -bytes) > 0) return true;
        Interlocked.Exchange(ref cutAfter, long.MaxValue);
        Cut();
        return false;
    }

    sealed class Wire(ShakyNetwork network, NetworkStream inner) : Stream
    {
        volatile bool gone;

        public override bool CanRead => true;
        public override bool CanWrite => true;
        public override bool CanSeek => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct = default)
        {
            int read = await inner.ReadAsync(buffer, ct);
            if (network.held is { } waiting) await waiting.Task.WaitAsync(ct);
            return gone ? throw new IOException("cut") : read;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken ct = default)
        {
            if (network is { both: true, held: { } waiting }) await waiting.Task.WaitAsync(ct);
            if (gone || !network.Passes(buffer.Length)) throw new IOException("cut");
            await inner.WriteAsync(buffer, ct);
            Interlocked.Add(ref network.sent, buffer.Length);
        }

        public override Task FlushAsync(CancellationToken ct) => inner.FlushAsync(ct);
        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            gone = true;
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
