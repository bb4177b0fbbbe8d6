using Daphne.Net.Data;
using Daphne.Net.Distributed.Mpi;

namespace Daphne.Net.Distributed;

// Files that the rank reads itself. All ranks run as the user who started the job: they may read what rank 0 may.
public sealed partial class MpiWorkerClient
{
    /// <inheritdoc/>
    public bool ReadsFiles => OperatingSystem.IsLinux();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CsvStretch>> ScanAsync(SharedFile file, long offset, long length, long stretch, CallBudget budget, CancellationToken ct)
    {
        var body = await AskAsync(MpiVerb.Scan, writer =>
        {
            writer.Write(session);
            writer.Write(file);
            writer.Write(offset);
            writer.Write(length);
            writer.Write(stretch);
        }, budget, ct).ConfigureAwait(false);
        var found = body.ReadArray(body.ReadStretch);
        return found.Length == (length + stretch - 1) / stretch ? found : throw new WorkerException(Identity, WorkerFailure.Internal, $"{found.Length} stretches are not {length} bytes");
    }

    /// <inheritdoc/>
    public async ValueTask<Handle> ReadAsync(FileRange range, CallBudget budget, CancellationToken ct)
    {
        var body = await AskAsync(MpiVerb.Read, writer =>
        {
            writer.Write(session);
            writer.Write(range);
        }, budget, ct).ConfigureAwait(false);
        return body.ReadHandle();
    }
}
