using Daphne.Net.Data;
using Daphne.Net.Distributed.Grpc;
using Grpc.Core;

namespace Daphne.Net.Distributed.Protocol;

/// <summary>The service of the original over <see cref="WorkerService"/>. ReadHDFS and WriteHDFS stay as generated: UNIMPLEMENTED.</summary>
sealed class WorkerBinding(WorkerService service) : Original.Worker.WorkerBase
{
    /// <summary>Binds the bulk methods first: the generated forms of the same paths do not replace them.</summary>
    public void Bind(ServiceBinderBase binder)
    {
        binder.AddMethod(BulkMethods.ReceiveStore, (IAsyncStreamReader<IncomingBytes> chunks, ServerCallContext context) => StoreAsync(chunks, context));
        binder.AddMethod(BulkMethods.AnswerTransfer, (Original.StoredData request, IServerStreamWriter<OutgoingBytes> to, ServerCallContext context) => TransferAsync(request, to, context));
        Original.Worker.BindService(binder, this);
    }

    public override async Task<Original.ComputeResult> Compute(Original.Task request, ServerCallContext context)
    {
        try
        {
            var inputs = request.Inputs.Select(i => i.Stored?.Identifier ?? throw new WorkerRefusal(WorkerFailure.BadRequest, "an input is not a stored value"));
            var handles = await service.ComputeAsync(new FragmentCall(request.MlirCode, FragmentOptions.Read(context.RequestHeaders.GetValue(Keys.Options))), inputs, context.Session(), context.Request(), context.CancellationToken).ConfigureAwait(false);
            return new() { Outputs = { handles.Select(h => new Original.WorkData { Stored = ToStored(h) }) } };
        }
        catch (WorkerRefusal refusal)
        {
            throw FailureStatus.ToRpc(refusal, computing: true);
        }
        catch (OperationCanceledException e) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw FailureStatus.ToRpc(new(WorkerFailure.Cancelled, "the computation was cancelled, or its session ended", e));
        }
    }

    public override Task<Original.Empty> FreeMem(Original.StoredData request, ServerCallContext context)
    {
        service.Free([request.Identifier], context.Session());
        return Task.FromResult(new Original.Empty());
    }

    async Task<Original.StoredData> StoreAsync(IAsyncStreamReader<IncomingBytes> chunks, ServerCallContext context)
    {
        try
        {
            var (session, request) = (context.Session(), context.Request());
            if (service.Stored(session, request) is { } known)
            {
                // What is not read of a message is passed over.
                while (await chunks.MoveNext(context.CancellationToken).ConfigureAwait(false)) service.Enter(session);
                return ToStored(known);
            }
            using var upload = await service.UploadAsync(session, request, context.CancellationToken).ConfigureAwait(false);
            bool begun = false;
            while (await chunks.MoveNext(context.CancellationToken).ConfigureAwait(false))
            {
                // The original's asynchronous client says its chunk size first (recorded behind an empty message); what is not read is passed over.
                if (!begun && chunks.Current.Length is (0 or WireFormat.ChunkSizeMessage)) continue;
                begun = true;
                service.Enter(session);   // a client that sends for minutes is not silent; one whose session has ended sends for nothing
                await ValueBytes.ReceiveAsync(chunks.Current, upload.Reader, upload.Feed, upload.Advance).ConfigureAwait(false);
            }
            var handle = upload.Finish();
            if (context.CancellationToken.IsCancellationRequested) service.Unheard(session, request, handle);
            return ToStored(handle);
        }
        catch (WorkerRefusal refusal)
        {
            throw FailureStatus.ToRpc(refusal);
        }
    }

    async Task TransferAsync(Original.StoredData request, IServerStreamWriter<OutgoingBytes> to, ServerCallContext context)
    {
        try
        {
            var value = service.Take(request.Identifier, context.Session());
            try
            {
                await to.WriteAsync(new OutgoingBytes(ValueWriter.Bytes(value)), context.CancellationToken).ConfigureAwait(false);
            }
            finally
            {
                ValueStore.Release(value);
            }
        }
        catch (WorkerRefusal refusal)
        {
            throw FailureStatus.ToRpc(refusal);
        }
    }

    static Original.StoredData ToStored(Handle handle) => new() { Identifier = handle.Id, NumRows = (ulong)handle.Rows, NumCols = (ulong)handle.Cols };
}
