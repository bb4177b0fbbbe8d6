using Daphne.Net.Data;

namespace Daphne.Net.Distributed;

/// <summary>
/// Where rows are found in a CSV file. Nobody knows where the n-th row begins who has not seen all bytes before it, so workers look at a part each, side by side; what they find is put
/// together here. Without it rows are found as well, only later.
/// </summary>
sealed class FileIndex(SharedFile file, CancellationToken ct)
{
    // The rows in front of those that are wanted, up to the mark before, are passed over: fewer bytes than this, or a thousandth of the file.
    const long Stretch = 256 << 10, Stretches = 4096;

    readonly Lock gate = new();
    Task<IReadOnlyList<CsvMark>>? marks;

    /// <summary>Places in the file, which rise; the first is its beginning.</summary>
    public Task<IReadOnlyList<CsvMark>> MarksAsync(IReadOnlyList<IWorkerClient> readers)
    {
        lock (gate) return marks ??= FindAsync(readers);
    }

    async Task<IReadOnlyList<CsvMark>> FindAsync(IReadOnlyList<IWorkerClient> readers)
    {
        List<CsvMark> found = [default];
        long length = file.Stamp.Length, stretch = Math.Max(Stretch, length / Stretches);
        if (length <= stretch || readers.Count == 0) return found;
        long all = (length + stretch - 1) / stretch, part = (all + readers.Count - 1) / readers.Count * stretch;
        var parts = Enumerable.Range(0, readers.Count).Where(i => i * part < length).Select(i => ScanAsync(readers[i], i * part, Math.Min(part, length - i * part), stretch)).ToArray();
        for (int i = 0; i < parts.Length; i++)
        {
            if (await parts[i].ConfigureAwait(false) is not { } stretches) break;
            long left = Math.Min(part, length - i * part);
            foreach (var one in stretches)
            {
                found.Add(found[^1].After(one, Math.Min(stretch, left)));
                left -= stretch;
            }
        }
        await Task.WhenAll(parts).ConfigureAwait(false);
        return found;
    }

    // Null where the worker is lost or does not share the file: whoever reads from there says why.
    async Task<IReadOnlyList<CsvStretch>?> ScanAsync(IWorkerClient reader, long offset, long length, long stretch)
    {
        try
        {
            return await reader.ScanAsync(file, offset, length, stretch, CallBudget.Data(length), ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WorkerException or OperationCanceledException)
        {
            return null;
        }
    }
}
