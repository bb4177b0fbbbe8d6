using System.Net;
using System.Net.Http;
using Grpc.Core;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>A request of many messages, written while HttpClient holds the body open.</summary>
sealed class StreamedRequest<T>(Marshaller<T> marshaller, MessageLimits limits, CallOutcome outcome, CancellationToken stop) : RequestContent, IClientStreamWriter<T>
{
    readonly TaskCompletionSource<(Stream To, CancellationToken Broken)> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int writing;

    public Task CompleteAsync()
    {
        completed.TrySetResult();
        return Task.CompletedTask;
    }

    /// <exception cref="RpcException">The call has ended; the exception says how.</exception>
    public async Task WriteAsync(T value, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref writing, 1) == 1) throw new InvalidOperationException("the previous write has not ended");
        try
        {
            if (outcome.IsSet) throw outcome.ToException();
            if (completed.Task.IsCompleted) throw new InvalidOperationException("the request stream was completed");
            await Task.WhenAny(opened.Task, outcome.Ended).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!opened.Task.IsCompletedSuccessfully) throw outcome.ToException();
            var (to, broken) = await opened.Task.ConfigureAwait(false);
            using var message = OutgoingMessage.Create(marshaller, value, limits);
            using var link = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, broken) : null;
            var ct = link?.Token ?? broken;
            await SendAsync(to, message, ct).ConfigureAwait(false);
            await to.FlushAsync(ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException && !cancellationToken.IsCancellationRequested)
        {
            // The call is over or about to be, and what it ends with says more than the broken pipe. It ends: by the response task, at the latest by the deadline.
            await outcome.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
            throw outcome.ToException();
        }
        finally
        {
            Volatile.Write(ref writing, 0);
        }
    }

    public override void End() => completed.TrySetCanceled();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken ct)
    {
        using var link = CancellationTokenSource.CreateLinkedTokenSource(ct, stop);
        // HttpClient may ask for the body again (refused stream, GOAWAY); what was written is gone then.
        if (!opened.TrySetResult((stream, link.Token))) throw new IOException("a streamed request cannot be sent twice");
        try
        {
            await completed.Task.WaitAsync(link.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // HttpClient gave the body up because the stream broke. Its reason (reset code, lost connection) waits in the response task; throwing here would hide it.
        }
    }
}
