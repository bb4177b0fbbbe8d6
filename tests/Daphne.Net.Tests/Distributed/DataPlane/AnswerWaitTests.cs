using System.Net;
using System.Net.Sockets;
using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Distributed.DataPlane;

/// <summary>A thread that waits for the answers to its own calls.</summary>
public sealed class AnswerWaitTests : IDisposable
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    readonly Socket near, far;
    readonly PlaneConnection connection;

    public AnswerWaitTests()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        near = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        near.Connect(listener.LocalEndPoint!);
        far = listener.Accept();
        connection = new(new NetworkStream(near, ownsSocket: true), near, isBare: true);
    }

    public void Dispose()
    {
        connection.Dispose();
        far.Dispose();
    }

    // What a call does with its answer, and on which thread.
    async Task<Thread> CallAsync(CancellationToken ct = default)
    {
        await AnswerWait.ForAsync(connection, ct).ConfigureAwait(false);
        var message = await connection.ReadAsync(ct).ConfigureAwait(false);
        Assert.Equal(PlaneKind.Freed, message.Kind);
        return Thread.CurrentThread;
    }

    void Answer() => Task.Run(async () =>
    {
        await Task.Delay(50);
        await new PlaneConnection(new NetworkStream(far), far).AnswerFreedAsync();
    });

    [Fact]
    public void The_thread_that_waits_goes_on_with_what_follows_from_the_answer()
    {
        OnThread(() =>
        {
            using var wait = new AnswerWait();
            Assert.True(AnswerWait.IsHere);
            var call = CallAsync();
            Assert.False(call.IsCompleted);
            Answer();
            wait.Until(call, default);
            Assert.True(call.IsCompletedSuccessfully, $"{call.Status} {call.Exception}");
            Assert.Same(Thread.CurrentThread, call.Result);
        });
    }

    [Fact]
    public async Task Without_such_a_thread_calls_end_as_ever()
    {
        Assert.False(AnswerWait.IsHere);
        var call = CallAsync();
        Answer();
        await call.WaitAsync(patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_is_not_answered_while_the_thread_waits_ends_without_it()
    {
        Task<Thread> call = null!;
        OnThread(() =>
        {
            using var wait = new AnswerWait();
            call = CallAsync();
            wait.Until(Task.Delay(20), default);
        });
        Assert.False(call.IsCompleted);
        Answer();
        await call.WaitAsync(patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Calls_that_are_cancelled_or_cut_end_the_wait()
    {
        OnThread(() =>
        {
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            using var wait = new AnswerWait();
            var call = CallAsync(stop.Token);
            wait.Until(call, default);
            Assert.True(call.IsCanceled);

            call = CallAsync();
            _ = Task.Run(() => far.Dispose());
            wait.Until(call, default);
            Assert.IsType<EndOfStreamException>(call.Exception?.InnerException);
        });
    }

    [Fact]
    public void The_wait_ends_with_its_token_and_when_something_else_has_come()
    {
        OnThread(() =>
        {
            using var wait = new AnswerWait();
            var call = CallAsync();
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(30));
            wait.Until(call, stop.Token);
            wait.Until(Task.Delay(30), default);
            Assert.False(call.IsCompleted);
        });
        Assert.False(AnswerWait.IsHere);
    }

    internal static void OnThread(Action act)
    {
        Exception? failed = null;
        var thread = new Thread(() =>
        {
            try
            {
                act();
            }
            catch (Exception e)
            {
                failed = e;
            }
        });
        thread.Start();
        Assert.True(thread.Join(patience), "the thread waits for ever");
        if (failed is not null) throw new InvalidOperationException(failed.Message, failed);
    }
}

static class AnsweringConnection
{
    public static async Task AnswerFreedAsync(this PlaneConnection connection)
    {
        await connection.WriteAsync(PlaneKind.Freed, "", default);
        await connection.FlushAsync(default);
    }
}
