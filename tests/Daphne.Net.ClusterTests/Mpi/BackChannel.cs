using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;

namespace Daphne.Net.ClusterTests.Mpi;

/// <summary>
/// Lines of text between the two ranks of a contract run, beside MPI: the test is on rank 0, the worker on rank 1, and the test wants to know what the worker
/// holds and to decide when a fragment ends.
/// </summary>
sealed class BackChannel : IDisposable
{
    readonly Socket socket;
    readonly StreamReader reader;
    readonly StreamWriter writer;
    readonly BlockingCollection<string> answers = [];

    BackChannel(Socket socket)
    {
        this.socket = socket;
        var stream = new NetworkStream(socket);
        (reader, writer) = (new(stream), new(stream) { AutoFlush = true });
    }

    /// <summary>Rank 0: waits for the other one.</summary>
    public static BackChannel Listen(string path)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        using var deadline = new CancellationTokenSource(Processes.Patience.Most);
        return new(listener.AcceptAsync(deadline.Token).AsTask().GetAwaiter().GetResult());
    }

    /// <summary>Rank 1: waits until the other one listens.</summary>
    public static async Task<BackChannel> ConnectAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await Processes.Patience.Until(async () =>
        {
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }, "rank 0 listens");
        return new(socket);
    }

    public void Say(string verb, params long[] numbers)
    {
        lock (writer) writer.WriteLine(string.Join(' ', [verb, .. numbers.Select(n => n.ToString(CultureInfo.InvariantCulture))]));
    }

    /// <summary>Says something and waits for the answer's numbers.</summary>
    public long[] Ask(string verb, params long[] numbers)
    {
        Say(verb, numbers);
        Assert.True(answers.TryTake(out string? answer, TimeSpan.FromSeconds(20)), $"no answer to {verb}");
        return Numbers(answer);
    }

    /// <summary>Hands every line to <paramref name="heard"/>, and lines that begin with <c>answer</c> to who asks, until the other side has gone.</summary>
    public void Hear(Action<string, long[]> heard) => new Thread(() =>
    {
        try
        {
            while (reader.ReadLine() is { } line)
            {
                string verb = line.Split(' ')[0];
                if (verb == "answer") answers.Add(line);
                else heard(verb, Numbers(line));
            }
        }
        catch (IOException)
        {
            // The other rank has ended.
        }
    }) { IsBackground = true }.Start();

    public void Dispose() => socket.Dispose();

    static long[] Numbers(string line) => [.. line.Split(' ').Skip(1).Select(n => long.Parse(n, CultureInfo.InvariantCulture))];
}
