using System.Net;
using System.Net.Sockets;

namespace Daphne.Net.ClusterTests.Chaos;

/// <summary>Which way bytes go.</summary>
enum Way { ToWorker, FromWorker }

/// <summary>
/// The network between a coordinator and a worker, as a TCP proxy that a test spoils: slow, silent, cut after so many bytes, a byte turned over.
/// Hand <see cref="ConnectAsync"/> to a client: its calls and its data connections go through it.
/// </summary>
sealed class SpoiledNetwork : IDisposable
{
    readonly CancellationTokenSource ending = new();
    readonly Lock gate = new();
    readonly List<Link> links = [];
    readonly List<Trigger> triggers = [];
    readonly long[] passed = new long[2];
    volatile TaskCompletionSource? silence;

    /// <summary>How much later each piece arrives.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Bytes that went through.</summary>
    public long Passed(Way way) => Interlocked.Read(ref passed[(int)way]);

    /// <summary>How many connections a cut ended.</summary>
    public int Cuts { get; private set; }

    /// <summary>Bytes turned over.</summary>
    public int Corrupted { get; private set; }

    /// <summary>Bytes swallowed: they were sent into the silence and have not arrived.</summary>
    public long Swallowed => Interlocked.Read(ref swallowed);

    long swallowed;

    /// <summary>Acts once, when so many more bytes have passed that way; the byte that is due has not arrived yet.</summary>
    public void After(Way way, long bytes, Action act)
    {
        lock (gate) triggers.Add(new(way, Passed(way) + bytes, () => act()));
    }

    /// <summary>Resets all connections when so many more bytes have passed that way: exactly so many arrive.</summary>
    public void CutAfter(Way way, long bytes) => After(way, bytes, Cut);

    /// <summary>Turns one byte over, the one after so many.</summary>
    public void CorruptAfter(Way way, long bytes)
    {
        lock (gate) triggers.Add(new(way, Passed(way) + bytes, null));
    }

    /// <summary>Forgets what has not fired.</summary>
    public void Disarm()
    {
        lock (gate) triggers.Clear();
    }

    /// <summary>Resets all connections now.</summary>
    public void Cut()
    {
        Link[] all;
        lock (gate)
        {
            all = [.. links];
            Cuts += all.Length;
        }
        foreach (var link in all) link.Reset();
    }

    /// <summary>From now on nothing arrives, and nobody is told.</summary>
    public void Silence() => silence ??= new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was sent into the silence arrives.</summary>
    public void Speak()
    {
        var was = silence;
        silence = null;
        was?.TrySetResult();
    }

    /// <summary>A connection to the worker, through here.</summary>
    public async ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken ct)
    {
        if (silence is { } quiet) await quiet.Task.WaitAsync(ct);
        var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var door = new TcpListener(IPAddress.Loopback, 0);
        var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await far.ConnectAsync(host, port, ct);
            door.Start();
            var accepting = door.AcceptSocketAsync(ct);
            await near.ConnectAsync(door.LocalEndpoint, ct);
            var link = new Link(await accepting, far);
            lock (gate) links.Add(link);
            _ = RelayAsync(link);
            return new NetworkStream(near, ownsSocket: true);
        }
        catch
        {
            far.Dispose();
            near.Dispose();
            throw;
        }
    }

    async Task RelayAsync(Link link)
    {
        await Task.WhenAll(PumpAsync(link.Near, link.Far, Way.ToWorker, link), PumpAsync(link.Far, link.Near, Way.FromWorker, link));
        lock (gate) links.Remove(link);
        link.Dispose();
    }

    async Task PumpAsync(Socket from, Socket to, Way way, Link link)
    {
        byte[] block = new byte[32 << 10];
        try
        {
            while (await from.ReceiveAsync(block, ending.Token) is > 0 and var got)
            {
                if (silence is { } quiet)
                {
                    Interlocked.Add(ref swallowed, got);
                    await quiet.Task.WaitAsync(ending.Token);
                }
                if (Delay > TimeSpan.Zero) await Task.Delay(Delay, ending.Token);
                int at = 0;
                while (at < got)
                {
                    int piece = UpToTrigger(way, got - at, out var due);
                    if (piece > 0) await SendAsync(to, block.AsMemory(at, piece));
                    at += piece;
                    if (due is null) continue;
                    if (due.Act is { } act)
                    {
                        act();
                        if (link.IsReset) return;
                    }
                    else
                    {
                        block[at] ^= 0xFF;
                        Corrupted++;
                    }
                }
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side is gone: so is the other then.
            link.Reset();
        }
    }

    async Task SendAsync(Socket to, Memory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await to.SendAsync(bytes, ending.Token)..];
    }

    // How many bytes pass before something is due, and what.
    int UpToTrigger(Way way, int bytes, out Trigger? due)
    {
        lock (gate)
        {
            long before = passed[(int)way];
            due = triggers.Where(t => t.Way == way && t.At < before + bytes).MinBy(t => t.At);
            if (due is null)
            {
                passed[(int)way] += bytes;
                return bytes;
            }
            triggers.Remove(due);
            int piece = (int)Math.Max(0, due.At - before);
            passed[(int)way] += piece;
            return piece;
        }
    }

    public void Dispose()
    {
        ending.Cancel();
        Link[] all;
        lock (gate) all = [.. links];
        foreach (var link in all) link.Reset();
    }

    sealed record Trigger(Way Way, long At, Action? Act);

    sealed class Link(Socket near, Socket far) : IDisposable
    {
        public Socket Near => near;
        public Socket Far => far;
        public bool IsReset { get; private set; }

        // Both sides see a reset, not an orderly end.
        public void Reset()
        {
            IsReset = true;
            foreach (var socket in new[] { near, far })
            {
                try
                {
                    socket.LingerState = new(true, 0);
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    // It has ended already.
                }
                socket.Dispose();
            }
        }

        public void Dispose()
        {
            near.Dispose();
            far.Dispose();
        }
    }
}
