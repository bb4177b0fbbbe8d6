using Daphne.Net.Distributed.Protocol;
using V1 = Daphne.Net.Distributed.Protocol.V1;

namespace Daphne.Net.Distributed;

/// <summary>Small calls, which are answered as they are over gRPC.</summary>
sealed partial class PlaneGuest
{
    async Task ComputeAsync(PlaneMessage request, CancellationToken ct)
    {
        var call = await connection.ReadMessageAsync(request.Header, V1.ComputeCall.Parser, ct).ConfigureAwait(false);
        var made = await ComputedAsync(call, request.Text, ct).ConfigureAwait(false);
        try
        {
            await connection.WriteAsync(PlaneKind.Computed, "", ComputeMessages.Answer(made), ct).ConfigureAwait(false);
        }
        catch
        {
            service.Unheard(session, request.Text, [.. made.Where(m => !m.IsCarried).Select(m => m.Handle)]);
            throw;
        }
    }

    async Task<CallValue[]> ComputedAsync(V1.ComputeCall call, string request, CancellationToken ct)
    {
        bool here = Thread.CurrentThread == own;
        // Nobody waits for a connection that this thread does not read, and its request goes on without it; but not beyond the worker's end.
        using var stop = here ? stopping.Register(() => service.Cancel(request, session)) : default;
        try
        {
            return await service.ComputeAsync(ComputeMessages.CallOf(call), ComputeMessages.InputsOf(call), session, request, ct, here).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new WorkerRefusal(WorkerFailure.Cancelled, "the computation was cancelled, or its session ended", e);
        }
    }

    async Task FreeAsync(PlaneMessage request, CancellationToken ct)
    {
        var values = await connection.ReadMessageAsync(request.Header, V1.FreeRequest.Parser, ct).ConfigureAwait(false);
        await connection.WriteAsync(PlaneKind.Freed, "", ct, service.Free(values.Identifiers, session)).ConfigureAwait(false);
        await connection.FlushAsync(ct).ConfigureAwait(false);
    }
}
