using Daphne.Net.Data;
using Grpc.Core;

namespace Daphne.Net.Distributed;

// Files that the worker reads itself.
public sealed partial class GrpcWorkerClient
{
    /// <inheritdoc/>
    public bool ReadsFiles => link.ReadsFiles;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CsvStretch>> ScanAsync(SharedFile file, long offset, long length, long stretch, CallBudget budget, CancellationToken ct) => InSessionAsync<IReadOnlyList<CsvStretch>>(budget, ct, async (session, left) =>
    {
        string request = NewRequest(session);
        try
        {
            var reply = await control.ScanAsync(new() { File = FileMessages.ToMessage(file), Offset = offset, Length = length, Stretch = stretch }, Call(session, left, ct, request)).ConfigureAwait(false);
            return reply.Stretches.Count == (length + stretch - 1) / stretch ? [.. reply.Stretches.Select(FileMessages.Read)] : throw new FormatException($"{reply.Stretches.Count} stretches are not {length} bytes");
        }
        catch (FormatException e)
        {
            throw new WorkerException(Identity, WorkerFailure.Internal, e.Message, e);
        }
        catch (RpcException e)
        {
            GiveUp(session, request, e);
            throw;
        }
    });

    /// <inheritdoc/>
    public ValueTask<Handle> ReadAsync(FileRange range, CallBudget budget, CancellationToken ct) => InSessionAsync(budget, ct, async (session, left) =>
    {
        string request = NewRequest(session);
        try
        {
            var reply = await control.ReadAsync(FileMessages.ToMessage(range), Call(session, left, ct, request)).ConfigureAwait(false);
            return new Handle(reply.Identifier, reply.NumRows, reply.NumCols, session.Generation);
        }
        catch (RpcException e)
        {
            GiveUp(session, request, e);
            throw;
        }
    });
}
