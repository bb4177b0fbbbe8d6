using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Daphne.Net.Distributed;

/// <summary>How the sockets of the data plane are set up, and who is at the other end of a local one.</summary>
static partial class PlaneSockets
{
    // A local socket holds what its sender's buffer holds; TCP tunes itself better than any number here would.
    const int LocalBuffer = 1 << 20;

    /// <summary>True where sockets have names beside files and tell who is at the other end.</summary>
    public static bool HasLocal => OperatingSystem.IsLinux();

    /// <summary>An address on this machine that is no file and goes away with its listener.</summary>
    public static UnixDomainSocketEndPoint Local(string name) => new("\0" + name);

    /// <summary>For bulk: what is written goes out at once, and a peer that vanished is noticed.</summary>
    public static void SetUp(Socket socket)
    {
        if (socket.AddressFamily == AddressFamily.Unix)
        {
            socket.SendBufferSize = LocalBuffer;
            return;
        }
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }

    /// <summary>True if the process at the other end of a local socket runs as the same user: what may read our memory anyway.</summary>
    public static bool IsSameUser(Socket local)
    {
        const int solSocket = 1, soPeerCred = 17;
        Span<byte> credentials = stackalloc byte[3 * sizeof(int)];   // process, user, group
        return local.GetRawSocketOption(solSocket, soPeerCred, credentials) == credentials.Length && MemoryMarshal.Read<uint>(credentials[sizeof(int)..]) == EffectiveUser();
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
