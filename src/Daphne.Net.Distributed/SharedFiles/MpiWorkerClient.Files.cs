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
        var found = await AskAsync(MpiVerb.Scan, MpiBodies.Scanned, writer =>
        {
            writer.Write(session);
            writer.Write(file);
            writer.Write(offset);
            writer.Write(length);
            writer.Write(stretch);
        }, budget, ct).ConfigureAwait(false);
        return found.Length == (length + stretch - 1) / stretch ? found : throw new WorkerException(Identity, WorkerFailure.Internal, $"{found.Length} stretches are not {length} bytes");
    }

    /// <inheritdoc/>
    public async ValueTask<Handle> ReadAsync(FileRange range, CallBudget budget, CancellationToken ct)
    {
        return await AskAsync(MpiVerb.Read, MpiBodies.Stored, writer =>
        {
            writer.Write(session);
            writer.Write(range);
        }, budget, ct).ConfigureAwait(false);
    }
}
