using System.Diagnostics;
using Grpc.Core;
using V1 = Daphne.Net.Distributed.Protocol.V1;

namespace Daphne.Net.Distributed;

/// <summary>
/// Asks a worker for signs of life over one stream as long as its client lives, and says that we live: what was placed there stays. What it notices it tells the link. It counts
/// beats, not time: a pause of this process, in which nobody would have been heard, is one beat.
/// </summary>
/// <param name="link">Whose session it keeps alive.</param>
/// <param name="control">Calls the worker.</param>
/// <param name="options">Of the client.</param>
/// <param name="leaving">Ends it.</param>
sealed class Heartbeat(WorkerLink link, V1.Control.ControlClient control, GrpcWorkerClientOptions options, CancellationToken leaving)
{
    static readonly TimeSpan longestPause = TimeSpan.FromSeconds(2);

    readonly TimeSpan every = options.BeatInterval;

    /// <summary>Beats until the client leaves; never fails. The worker was greeted just before.</summary>
    public async Task RunAsync()
    {
        // Not on the caller's time, and a greeting that hangs does not hide the next.
        var patience = new CallBudget(TimeSpan.FromTicks(Math.Clamp((every * options.MissedBeats).Ticks, TimeSpan.TicksPerSecond, 10 * TimeSpan.TicksPerSecond)));
        var pause = TimeSpan.Zero;
        for (bool greeted = true; !leaving.IsCancellationRequested; greeted = false)
        {
            var session = link.Session;
            try
            {
                if (!greeted)
                {
                    await link.GreetAsync(patience, leaving).ConfigureAwait(false);
                    session = link.Session;
                }
                await BeatAsync(session, () => pause = TimeSpan.Zero).ConfigureAwait(false);
            }
            catch (RpcException e) when (!leaving.IsCancellationRequested)
            {
                link.Judge(e, session);
                if (link.Health == WorkerHealth.Superseded) return;
            }
            catch (Exception e) when (e is RpcException or OperationCanceledException)
            {
                return;
            }
            await Task.Delay(pause, leaving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause == TimeSpan.Zero ? every / 4 : pause * 2 < longestPause ? pause * 2 : longestPause;
        }
    }

    // Ends when the session is not the current one any more.
    async Task BeatAsync(SessionRef session, Action heard)
    {
        int unanswered = 0;
        using var timer = new PeriodicTimer(every);
        var call = control.Heartbeat(new CallOptions(session.Headers, null, leaving));
        var (hearing, writing) = (HearAsync(), Task.CompletedTask);
        try
        {
            for (ulong number = 1; link.Session == session; number++)
            {
                // One that cannot even be sent counts as well.
                if (writing.IsCompleted)
                {
                    await writing.ConfigureAwait(false);
                    writing = call.RequestStream.WriteAsync(new() { Number = number, SentAt = (long)Stopwatch.GetElapsedTime(0).TotalNanoseconds }, CancellationToken.None);
                }
                if (Interlocked.Increment(ref unanswered) > options.MissedBeats) link.Silent();
                var tick = timer.WaitForNextTickAsync(leaving).AsTask();
                await Task.WhenAny(tick, hearing).ConfigureAwait(false);
                if (hearing.IsCompleted)
                {
                    await hearing.ConfigureAwait(false);
                    throw new RpcException(StatusCode.Unavailable, "the worker has ended the stream of beats");
                }
                await tick.ConfigureAwait(false);
            }
        }
        finally
        {
            call.Dispose();
            await Task.WhenAll(hearing, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task HearAsync()
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
            {
                Interlocked.Exchange(ref unanswered, 0);
                heard();
                link.Heard(session);
            }
        }
    }
}
