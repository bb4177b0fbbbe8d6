using Grpc.Core;

namespace Daphne.Net.Distributed.Protocol;

// Files that the worker reads itself.
sealed partial class ControlBinding
{
    public override Task<V1.ScanReply> Scan(V1.ScanRequest request, ServerCallContext context) => GuardedAsync(context, async () =>
        FileMessages.ToMessage(await service.Files.ScanAsync(FileMessages.Read(request.File), request.Offset, request.Length, request.Stretch, context.Session(), context.Request(), context.CancellationToken).ConfigureAwait(false)));

    public override Task<V1.StoredReply> Read(V1.ReadRequest request, ServerCallContext context) => GuardedAsync(context, async () =>
    {
        var handle = await service.Files.ReadAsync(FileMessages.Read(request), context.Session(), context.Request(), context.CancellationToken).ConfigureAwait(false);
        if (context.CancellationToken.IsCancellationRequested) service.Unheard(context.Session(), context.Request(), handle);
        return FileMessages.ToMessage(handle);
    });

    static async Task<T> GuardedAsync<T>(ServerCallContext context, Func<Task<T>> answer)
    {
        try
        {
            return await answer().ConfigureAwait(false);
        }
        catch (WorkerRefusal refusal)
        {
            throw FailureStatus.ToRpc(refusal);
        }
        catch (OperationCanceledException e) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw FailureStatus.ToRpc(new(WorkerFailure.Cancelled, "the request was cancelled, or its session ended", e));
        }
    }
}
