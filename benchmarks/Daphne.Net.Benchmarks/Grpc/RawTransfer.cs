using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Daphne.Net.Benchmarks.Grpc;

/// <summary>What the machine can do: the same bytes over one TCP connection on loopback, with blocking calls, from and into memory that is there already.</summary>
static class RawTransfer
{
    const int Size = 160_000_000, Piece = 1 << 20, Buffer = 4 << 20, Asks = 200;
    const byte Up = (byte)'u', Down = (byte)'d', Ask = (byte)'a';

    public static void Work()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        listener.Listen(1);
        Console.WriteLine($"listening on 127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}");
        using var socket = SetUp(listener.Accept());
        byte[] memory = Filled(), what = new byte[1];
        while (socket.Receive(what) == 1)
        {
            if (what[0] == Up) Receive(socket, memory);
            if (what[0] == Down) Send(socket, memory);
            else socket.Send(what);
        }
    }

    public static void Transfer(string address)
    {
        var end = IPEndPoint.Parse(address);
        using var socket = SetUp(new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        socket.Connect(end);
        byte[] memory = Filled(), other = Filled(), what = new byte[1];
        Console.WriteLine("ready");
        while (Console.In.ReadLine() is { } line)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < (line == "ask" ? Asks : 1); i++)
            {
                what[0] = line switch { "up" => Up, "down" => Down, _ => Ask };
                socket.Send(what);
                if (what[0] == Up) Send(socket, memory);
                if (what[0] == Down) Receive(socket, other);
                else socket.Receive(what);
            }
            Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    static Socket SetUp(Socket socket)
    {
        (socket.NoDelay, socket.SendBufferSize, socket.ReceiveBufferSize) = (true, Buffer, Buffer);
        return socket;
    }

    static byte[] Filled()
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(Size, pinned: true);
        Array.Fill<byte>(bytes, 7);
        return bytes;
    }

    static void Send(Socket socket, byte[] from)
    {
        for (int at = 0; at < Size;) at += socket.Send(from.AsSpan(at, Math.Min(Piece, Size - at)));
    }

    static void Receive(Socket socket, byte[] to)
    {
        for (int at = 0; at < Size;)
        {
            int read = socket.Receive(to.AsSpan(at, Math.Min(Buffer, Size - at)));
            at += read > 0 ? read : throw new IOException("the other end hung up");
        }
    }
}
