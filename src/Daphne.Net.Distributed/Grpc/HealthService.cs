using System.Threading.Channels;
using Grpc.Core;
using Daphne.Net.Distributed.Protocol.Health;
using Serving = Daphne.Net.Distributed.Protocol.Health.HealthCheckResponse.Types.ServingStatus;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>The standard health service: SERVING from start to <see cref="Shutdown"/> for the server ("") and each service named.</summary>
sealed class HealthService(params string[] services) : Health.HealthBase
{
    readonly CancellationTokenSource stopping = new();

    /// <summary>Everything reads NOT_SERVING from now on, and each Watch says so and ends. First step of a shutdown: an open Watch would hold the server up.</summary>
    public void Shutdown() => stopping.Cancel();

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        Task.FromResult(State(request.Service) is { } status
            ? new HealthCheckResponse { Status = status }
            : throw new RpcException(StatusCode.NotFound, "unknown service"));

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(new() { Status = State(request.Service) ?? Serving.ServiceUnknown }).ConfigureAwait(false);
        if (stopping.IsCancellationRequested) return;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token, context.CancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
        context.CancellationToken.ThrowIfCancellationRequested();
        await responseStream.WriteAsync(new() { Status = State(request.Service) ?? Serving.ServiceUnknown }).ConfigureAwait(false);
    }

    Serving? State(string service) =>
        service.Length > 0 && !services.Contains(service) ? null : stopping.IsCancellationRequested ? Serving.NotServing : Serving.Serving;
}
