using System.Net.Http;
using Grpc.Core;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>
/// One call as the client sees it: opens the request, reads responses, knows deadline and cancellation. Three things end it, whichever comes first:
/// the server's status, the deadline, the caller's token.
/// </summary>
sealed class ClientCall<TResponse> : ICall, IAsyncStreamReader<TResponse> where TResponse : class
{
    readonly GrpcChannel channel;
    readonly CallOptions options;
    readonly TimeSpan? timeout;
    readonly long started;
    readonly CancellationTokenSource? deadline;
    readonly CancellationTokenSource stopSource;
    readonly CancellationToken stop;   // the source is disposed with the call, or it would stay registered with the channel for ever
    readonly CallOutcome outcome = new();
    readonly TaskCompletionSource<Metadata> headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Marshaller<TResponse>? marshaller;
    RequestContent? content;
    HttpResponseMessage? response;
    MessageReader? reader;
    Task? opening;
    TResponse? current;
    bool committed;

    internal ClientCall(GrpcChannel channel, CallOptions options)
    {
        (this.channel, this.options) = (channel, options);
        timeout = options.Timeout ?? (options.Deadline is { } at && at != DateTime.MaxValue ? at.ToUniversalTime() - channel.Options.Time.GetUtcNow().UtcDateTime : null);
        if (timeout is { } left) deadline = new CancellationTokenSource(Clamp(left), channel.Options.Time);
        stopSource = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, channel.Closed, deadline?.Token ?? default);
        stop = stopSource.Token;
        started = channel.Options.Time.GetTimestamp();
        headers.Task.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public Task<Metadata> ResponseHeadersAsync => headers.Task;

    public TResponse Current => current ?? throw new InvalidOperationException("MoveNext first");

    public Status GetStatus() => outcome.Value.Status;

    public Metadata GetTrailers() => outcome.Value.Trailers;

    internal SingleRequest<T> Single<T>(Method<T, TResponse> method, T request) => new(method.RequestMarshaller, request, channel.Options.Limits, stop);

    internal StreamedRequest<T> Stream<T>(Method<T, TResponse> method) => new(method.RequestMarshaller, channel.Options.Limits, outcome, stop);

    /// <summary>For calls with one response.</summary>
    internal async Task<TResponse> SingleResponseAsync<TRequest>(Method<TRequest, TResponse> method, RequestContent body)
    {
        try
        {
            await OpenAsync(method, body).ConfigureAwait(false);
            TResponse? value = null;
            if (await reader!.NextAsync(stop).ConfigureAwait(false))
            {
                value = await reader.ReadAsync(marshaller!, stop).ConfigureAwait(false);
                if (await reader.NextAsync(stop).ConfigureAwait(false)) throw new RpcException(StatusCode.Internal, "more than one message came for a call with one response");
            }
            var (status, trailers) = ResponseHead.ReadTrailers(response!);
            if (status.StatusCode != StatusCode.OK) throw new RpcException(status, trailers);
            if (value is null) throw new RpcException(new Status(StatusCode.Internal, "the call ended OK without a message"), trailers);
            Finish(status, trailers);
            return value;
        }
        catch (Exception e)   // every failure of a call is a status: this is where it gets one
        {
            throw Fail(e);
        }
    }

    /// <summary>For calls with a stream of responses.</summary>
    internal void StartReading<TRequest>(Method<TRequest, TResponse> method, RequestContent body)
    {
        opening = OpenOrFailAsync();
        opening.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        async Task OpenOrFailAsync()
        {
            try
            {
                await OpenAsync(method, body).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                throw Fail(e);
            }
        }
    }

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (outcome.IsSet) return outcome.Value.Status.StatusCode == StatusCode.OK ? false : throw outcome.ToException();
        using var link = cancellationToken.CanBeCanceled ? cancellationToken.Register(static call => ((ClientCall<TResponse>)call!).Cancel(), this) : default;
        await opening!.ConfigureAwait(false);
        try
        {
            current = null;
            if (await reader!.NextAsync(stop).ConfigureAwait(false))
            {
                current = await reader.ReadAsync(marshaller!, stop).ConfigureAwait(false);
                return true;
            }
            var (status, trailers) = ResponseHead.ReadTrailers(response!);
            if (status.StatusCode != StatusCode.OK) throw new RpcException(status, trailers);
            Finish(status, trailers);
            return false;
        }
        catch (Exception e)
        {
            throw Fail(e);
        }
    }

    RpcException Fail(Exception e)
    {
        var (status, trailers) = Explain(e);
        Finish(status, trailers);
        return outcome.ToException();
    }

    public void Dispose()
    {
        if (outcome.IsSet) return;
        // The reader is left to the collector: a read in another flow may still write into its buffer.
        reader = null;
        Finish(new Status(StatusCode.Cancelled, "the call was disposed"), Metadata.Empty);
    }

    async Task OpenAsync<TRequest>(Method<TRequest, TResponse> method, RequestContent body)
    {
        (content, marshaller) = (body, method.ResponseMarshaller);
        stop.ThrowIfCancellationRequested();
        using var request = RequestHeaders.NewRequest(channel, method.FullName, body, options.Headers, timeout);
        response = await channel.SendAsync(request, stop).ConfigureAwait(false);
        request.Content = null;   // a streamed body may still run: it must not be disposed with the request
        var metadata = ResponseHead.Read(response);
        committed = true;
        headers.TrySetResult(metadata);
        reader = new MessageReader(await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false), channel.Options.Limits, Fail);
    }

    (Status, Metadata) Explain(Exception e)
    {
        if (options.CancellationToken.IsCancellationRequested) return (new Status(StatusCode.Cancelled, "the caller cancelled the call", e), Metadata.Empty);
        if (deadline is { IsCancellationRequested: true }) return (new Status(StatusCode.DeadlineExceeded, "the deadline passed", e), Metadata.Empty);
        if (channel.Closed.IsCancellationRequested) return (new Status(StatusCode.Cancelled, "the channel was closed", e), Metadata.Empty);
        var (status, trailers) = CallFailure.Explain(e, committed);
        // The peer's clock ran out first and it reset the stream.
        bool due = timeout - channel.Options.Time.GetElapsedTime(started) < TimeSpan.FromMilliseconds(50);
        return (due && e is not RpcException && status.StatusCode == StatusCode.Cancelled ? new Status(StatusCode.DeadlineExceeded, "the deadline passed", e) : status, trailers);
    }

    void Finish(Status status, Metadata trailers)
    {
        if (!outcome.TrySet(status, trailers)) return;
        if (status.StatusCode == StatusCode.OK) headers.TrySetResult(Metadata.Empty);
        else headers.TrySetException(new RpcException(status, trailers));
        content?.End();
        Cancel();              // a writer may be waiting for window that will never come
        reader?.Dispose();
        response?.Dispose();   // resets the stream if it has not ended
        deadline?.Dispose();
        stopSource.Dispose();
    }

    void Cancel()
    {
        try
        {
            stopSource.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended a moment ago.
        }
    }

    static TimeSpan Clamp(TimeSpan left) => left < TimeSpan.Zero ? TimeSpan.Zero : left > TimeSpan.FromDays(40) ? TimeSpan.FromDays(40) : left;
}
