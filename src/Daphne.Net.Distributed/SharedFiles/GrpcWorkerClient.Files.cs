using Daphne.Net.Data;

namespace Daphne.Net.Distributed;

// Files that the worker reads itself.
public sealed partial class GrpcWorkerClient
{
    /// <inheritdoc/>
    public bool ReadsFiles => link.ReadsFiles;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CsvStretch>> ScanAsync(SharedFile file, long offset, long length, long stretch, CallBudget budget, CancellationToken ct) => InSessionAsync<IReadOnlyList<CsvStretch>>(budget, ct, named: true, async (session, request, left) =>
    {
        try
        {
            var reply = await control.ScanAsync(new() { File = FileMessages.ToMessage(file), Offset = offset, Length = length, Stretch = stretch }, Call(session, left, ct, request)).ConfigureAwait(false);
            return reply.Stretches.Count == (length + stretch - 1) / stretch ? [.. reply.Stretches.Select(FileMessages.Read)] : throw new FormatException($"{reply.Stretches.Count} stretches are not {length} bytes");
        }
        catch (FormatException e)
        {
            throw new WorkerException(Identity, WorkerFailure.Internal, e.Message, e);
        }
    });

    /// <inheritdoc/>
    public ValueTask<Handle> ReadAsync(FileRange range, CallBudget budget, CancellationToken ct) => InSessionAsync(budget, ct, named: true, async (session, request, left) =>
    {
        var reply = await control.ReadAsync(FileMessages.ToMessage(range), Call(session, left, ct, request)).ConfigureAwait(false);
        return new Handle(reply.Identifier, reply.NumRows, reply.NumCols, session.Generation);
    });
}
