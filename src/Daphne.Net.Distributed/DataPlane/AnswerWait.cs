using System.Net.Sockets;

namespace Daphne.Net.Distributed;

/// <summary>
/// A thread that has made calls and has nothing to do until they are answered waits for their sockets itself: the kernel wakes it, and it reads the answers and does what follows from them. Else
/// that would be three threads that wake each other, for each answer. Calls made by other threads are not concerned. One thread, except where noted.
/// </summary>
sealed class AnswerWait : IDisposable
{
    // What ends the wait without an answer, a lost worker or a cancelled run, is noticed so soon after it at first, and so late at last, in microseconds.
    const int FirstLook = 2_000, LongestLook = 50_000;

    [ThreadStatic] static AnswerWait? current;

    readonly AnswerWait? outer = current;
    readonly List<(Socket Socket, TaskCompletionSource<bool> Due)> pending = [];
    readonly List<Socket> sockets = [];

    /// <summary>The calls that this thread makes until <see cref="Dispose"/> are those it will wait for.</summary>
    public AnswerWait() => current = this;

    /// <summary>True if the thread will wait for calls that it makes now.</summary>
    public static bool IsHere => current is not null;

    /// <summary>True when there is something to read; false where this thread will not wait for it, or no longer.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled, by any thread.</exception>
    public static async ValueTask<bool> ForAsync(PlaneConnection connection, CancellationToken ct)
    {
        if (current is not { } wait || connection.Awaitable is not { } socket) return false;
        var due = new TaskCompletionSource<bool>();
        wait.pending.Add((socket, due));
        using (ct.UnsafeRegister(static (due, token) => ((TaskCompletionSource<bool>)due!).TrySetCanceled(token), due)) return await due.Task.ConfigureAwait(false);
    }

    /// <summary>Waits until this has completed, no call is left to wait for, or the token is cancelled.</summary>
    public void Until(Task done, CancellationToken ct)
    {
        for (int look = FirstLook; !done.IsCompleted && !ct.IsCancellationRequested;)
        {
            pending.RemoveAll(p => p.Due.Task.IsCompleted);
            if (pending.Count == 0) return;
            sockets.Clear();
            foreach (var (socket, _) in pending) sockets.Add(socket);
            try
            {
                Socket.Select(sockets, null, null, look);
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                return;   // one was given up just now; the others are waited for as if nobody had been here
            }
            if (sockets.Count == 0) look = Math.Min(2 * look, LongestLook);
            foreach (var (socket, due) in pending.ToArray())
                if (sockets.Contains(socket)) due.TrySetResult(true);   // and what follows, here and now
        }
    }

    /// <summary>What has not been answered goes its usual way.</summary>
    public void Dispose()
    {
        current = outer;
        foreach (var (_, due) in pending) due.TrySetResult(false);
        pending.Clear();
    }
}
