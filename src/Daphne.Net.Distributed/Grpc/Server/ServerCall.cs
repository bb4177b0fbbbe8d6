using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Grpc.Core;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>
/// One call as the server sees it. The deadline answers the client at once; the request itself ends only when the handler has returned, because
/// Kestrel uses the HttpContext for the next request then.
/// </summary>
sealed class ServerCall<TRequest, TResponse>(HttpContext http, Method<TRequest, TResponse> method, GrpcServerOptions options)
    : ServerCallContext, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>
    where TRequest : class where TResponse : class
{
    // One WriteAsync of it all would copy it all into Kestrel's pipe before the first byte leaves; smaller pieces cost processor time.
    const int WritePiece = 64 << 10;

    readonly SemaphoreSlim gate = new(1, 1);   // the response: a writer, the deadline, the end
    readonly MessageReader reader = new(http.Request.Body, options.Limits);
    CancellationTokenSource? stop;
    DateTime deadline = DateTime.MaxValue;
    volatile bool deadlinePassed;
    Task deadlineAnswer = Task.CompletedTask;
    bool finished;
    Metadata? requestHeaders, trailers;
    TRequest? current;

    public override string Method => method.FullName;

    public override string Peer => http.Connection.RemoteIpAddress is { } address
        ? $"{(address.AddressFamily == AddressFamily.InterNetwork ? "ipv4:" + address : $"ipv6:[{address}]")}:{http.Connection.RemotePort}"
        : "unknown";

    public override System.Net.IPAddress? PeerAddress => http.Connection.RemoteIpAddress;

    public override DateTime Deadline => deadline;

    public override CancellationToken CancellationToken => stop?.Token ?? http.RequestAborted;

    public override Metadata ResponseTrailers => trailers ??= [];

    public override Status Status { get; set; } = Status.DefaultSuccess;

    public override Metadata RequestHeaders => requestHeaders ??= ReadHeaders();

    public TRequest Current => current ?? throw new InvalidOperationException("MoveNext first");

    internal async Task RunAsync(Func<ServerCall<TRequest, TResponse>, Task> handle)
    {
        http.Response.ContentType = HeaderText.ContentType;
        long began = options.Time.GetTimestamp();
        TimeSpan? left = null;
        if (http.Request.Headers.TryGetValue(TimeoutText.Header, out var text))
        {
            if (!TimeoutText.TryDecode(text.ToString(), out var timeout))
            {
                ServerStatus.Write(http.Response.Headers, new Status(StatusCode.Internal, $"a bad {TimeoutText.Header}"));
                return;
            }
            if (timeout < TimeSpan.FromDays(40)) left = timeout;   // beyond a timer's range: never
        }
        ITimer? timer = null;
        if (left is { } due)
        {
            deadline = options.Time.GetUtcNow().UtcDateTime + due;
            stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
            timer = options.Time.CreateTimer(static call => ((ServerCall<TRequest, TResponse>)call!).OnDeadline(), this, due, Timeout.InfiniteTimeSpan);
        }

        var end = await HandleAsync(handle).ConfigureAwait(false);
        if (timer is not null) await timer.DisposeAsync().ConfigureAwait(false);
        await EndAsync(end, complete: false).ConfigureAwait(false);
        await deadlineAnswer.ConfigureAwait(false);
        stop?.Dispose();
        if (options.Log.IsEnabled(LogLevel.Debug)) DistributedLog.CallEnded(options.Log, Method, Peer, end.StatusCode.ToString(), options.Time.GetElapsedTime(began).TotalMilliseconds);
    }

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        using var link = cancellationToken.CanBeCanceled && cancellationToken != CancellationToken ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, CancellationToken) : null;
        if (!await reader.NextAsync(link?.Token ?? CancellationToken).ConfigureAwait(false))
        {
            current = null;
            return false;
        }
        current = await reader.ReadAsync(method.RequestMarshaller, CancellationToken).ConfigureAwait(false);
        return true;
    }

    internal async ValueTask<TRequest> SingleRequestAsync()
    {
        if (!await MoveNext(default).ConfigureAwait(false)) throw new RpcException(StatusCode.Internal, "the request holds no message");
        var request = Current;
        if (await reader.NextAsync(CancellationToken).ConfigureAwait(false)) throw new RpcException(StatusCode.Internal, "the request holds more than one message");
        return request;
    }

    public Task WriteAsync(TResponse message, CancellationToken cancellationToken = default) => SendAsync(message, flush: true, cancellationToken);

    internal Task SendLastAsync(TResponse message) => Status.StatusCode == StatusCode.OK ? SendAsync(message, flush: false, default) : Task.CompletedTask;

    public override async Task WriteResponseHeadersAsync(Metadata responseHeaders)
    {
        await gate.WaitAsync(CancellationToken).ConfigureAwait(false);
        try
        {
            if (finished || http.Response.HasStarted) throw new InvalidOperationException("the response has begun");
            ServerStatus.Write(http.Response.Headers, responseHeaders);
            await http.Response.BodyWriter.FlushAsync(CancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    async Task<Status> HandleAsync(Func<ServerCall<TRequest, TResponse>, Task> handle)
    {
        try
        {
            await handle(this).ConfigureAwait(false);
            reader.Dispose();   // on a failure the buffer is left to the collector: a stray read may still hold it
            return Status;
        }
        catch (RpcException e)
        {
            foreach (var trailer in e.Trailers) ResponseTrailers.Add(trailer);
            return e.StatusCode == StatusCode.OK ? new Status(StatusCode.Unknown, e.Status.Detail) : e.Status;
        }
        catch (Exception) when (deadlinePassed)
        {
            return new Status(StatusCode.DeadlineExceeded, "the deadline passed");
        }
        catch (Exception e) when (e is IOException or OperationCanceledException || http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone or has reset the stream: reading its body says so before RequestAborted does.
            return Status.DefaultCancelled;
        }
        catch (Exception e)   // the edge of the process: a bug of ours is logged with all it says, and the client hears that there was one
        {
            DistributedLog.HandlerFailed(options.Log, e, method.FullName);
            return new Status(StatusCode.Unknown, "the handler failed");
        }
    }

    void OnDeadline()
    {
        deadlinePassed = true;
        deadlineAnswer = AnswerDeadlineAsync();
    }

    async Task AnswerDeadlineAsync()
    {
        try
        {
            await stop!.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException e)   // what the handler registered threw; the answer goes out all the same
        {
            DistributedLog.HandlerFailed(options.Log, e, method.FullName);
        }
        await EndAsync(new Status(StatusCode.DeadlineExceeded, "the deadline passed"), complete: true).ConfigureAwait(false);
    }

    async Task EndAsync(Status status, bool complete)
    {
        await gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (finished) return;
            finished = true;
            var response = http.Response;
            var to = response.HasStarted ? http.Features.Get<IHttpResponseTrailersFeature>()?.Trailers : response.Headers;
            if (to is null || http.RequestAborted.IsCancellationRequested) return;
            ServerStatus.Write(to, trailers);
            ServerStatus.Write(to, status);
            if (complete) await response.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ConnectionAbortedException)
        {
            // The client is gone: nobody to tell.
        }
        finally
        {
            gate.Release();
        }
    }

    async Task SendAsync(TResponse message, bool flush, CancellationToken cancellationToken)
    {
        if (!await gate.WaitAsync(0, CancellationToken.None).ConfigureAwait(false))
            throw deadlinePassed ? new OperationCanceledException("the deadline passed") : new InvalidOperationException("the previous write has not ended");
        try
        {
            if (finished) throw new OperationCanceledException("the call has ended");
            var ct = cancellationToken.CanBeCanceled ? cancellationToken : CancellationToken;
            ct.ThrowIfCancellationRequested();
            var pipe = http.Response.BodyWriter;
            using var outgoing = OutgoingMessage.Create(method.ResponseMarshaller, message, options.Limits);
            pipe.Write(outgoing.Head.Span);
            foreach (var piece in outgoing.Tail)
                for (int at = 0; at < piece.Length; at += WritePiece)
                    Check(await pipe.WriteAsync(piece.Slice(at, Math.Min(WritePiece, piece.Length - at)), ct).ConfigureAwait(false));
            if (flush) Check(await pipe.FlushAsync(ct).ConfigureAwait(false));
            else if (!http.Response.HasStarted) await http.Response.StartAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    Metadata ReadHeaders()
    {
        var metadata = new Metadata();
        foreach (var (name, values) in http.Request.Headers)
            if (!HeaderText.IsReserved(name.ToLowerInvariant()))
                foreach (string? value in values) HeaderText.AddReceived(metadata, name, value ?? "");
        return metadata;
    }

    static void Check(FlushResult result)
    {
        if (result.IsCompleted || result.IsCanceled) throw new OperationCanceledException("the client is gone");
    }
}
