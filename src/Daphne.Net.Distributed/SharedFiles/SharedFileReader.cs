using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Distributed;

/// <summary>The files a worker reads itself, for sessions that were opened with the permission to.</summary>
/// <param name="service">Keeps what is read.</param>
/// <param name="roots">What may be read.</param>
sealed class SharedFileReader(WorkerService service, FileRoots roots)
{
    // Stretches of one answer; a stretch is 33 bytes there.
    const int MostStretches = 1 << 16;

    /// <summary>True if there is anything it may read.</summary>
    public bool IsOffered => roots.IsOffered;

    /// <summary>Looks for rows in part of a CSV file.</summary>
    /// <param name="shared">The file.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="stretch">Bytes for each stretch of the answer; the last one may be shorter.</param>
    /// <param name="session">Whose request it is.</param>
    /// <param name="request">Its name.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="WorkerRefusal">The file is not the same one, or may not be read.</exception>
    public Task<CsvStretch[]> ScanAsync(SharedFile shared, long offset, long length, long stretch, string session, string request, CancellationToken ct)
    {
        if (offset < 0 || length < 0 || stretch < 1 || offset > shared.Stamp.Length - length || (length - 1) / stretch >= MostStretches) throw Malformed("there are no such stretches");
        return WithAsync(shared, session, request, (file, stop) =>
        {
            var found = new CsvStretch[(length + stretch - 1) / stretch];
            for (int i = 0; i < found.Length; i++) found[i] = CsvStretch.Of(file, shared.Path, offset + i * stretch, Math.Min(stretch, length - i * stretch), stop);
            Check(file, shared);
            return found;
        }, ct);
    }

    /// <summary>Reads rows and keeps them.</summary>
    /// <exception cref="WorkerRefusal">The file is not the same one, or wrong, or may not be read; or there is no room.</exception>
    public Task<Handle> ReadAsync(FileRange range, string session, string request, CancellationToken ct)
    {
        var (rows, meta, mark) = (range.Rows, range.Meta, range.Mark);
        if (meta.Rows < 0 || meta.Cols < 0 || rows.First < 0 || rows.Count < 0 || rows.First > meta.Rows - rows.Count || mark.Offset < 0 || mark.Row < 0 || mark.State > 3
            || !(meta.IsFrame ? meta.Schema.Length == meta.Cols && FrameFileRows.CanRead(range.File.Path) : meta.ValueType is not null && MatrixFileRows.CanRead(range.File.Path, meta)))
            throw Malformed("there are no such rows");
        var cells = rows.Count * (meta.IsFrame ? meta.Schema.Sum(c => (long)BytesOf(c.ValueType)) : (Int128)meta.Cols * BytesOf(meta.ValueType!.Value));
        // What a dense matrix or a frame needs is known, and refused before it is read.
        long needed = range.Sparse ? 0 : cells <= long.MaxValue ? (long)cells : throw new WorkerRefusal(WorkerFailure.TooLarge, $"no room for {rows.Count} rows of {meta.Cols} cells");
        return WithAsync(range.File, session, request, (file, stop) =>
        {
            // Here, where it is done but once: one that comes again finds its room taken by what it made.
            service.Values.Reserve(needed);
            DataObject? value = null;
            try
            {
                value = meta.IsFrame ? FrameFileRows.Read(file, range.File.Path, meta, rows, mark, ct: stop) : MatrixFileRows.Read(file, range.File.Path, meta, rows, mark, range.Sparse, ct: stop);
                Check(file, range.File);
            }
            catch
            {
                value?.Release();
                throw;
            }
            finally
            {
                service.Values.CancelReservation(needed);   // keeping it counts it
            }
            return service.Keep(Datum.Of(value), session, request, stop);
        }, ct);
    }

    Task<T> WithAsync<T>(SharedFile shared, string session, string request, Func<SafeFileHandle, CancellationToken, T> use, CancellationToken ct)
    {
        service.Enter(session);
        if (!service.Sessions.ReadsFiles(session)) throw new WorkerRefusal(WorkerFailure.FileDenied, "the session was opened without the permission to read files");
        return service.OnThreadAsync(stop =>
        {
            try
            {
                using var file = roots.Open(shared.Path);
                Check(file, shared);
                return use(file, stop);
            }
            catch (Exception e) when (e is RaisedException or IOException or UnauthorizedAccessException)
            {
                throw e is RaisedException raised && (raised.Def == Diag.OutOfMemory) ? new WorkerRefusal(WorkerFailure.TooLarge, e.Message, e) : new WorkerRefusal(WorkerFailure.FileUnlike, e.Message, e);
            }
        }, session, request, ct);
    }

    static void Check(SafeFileHandle file, SharedFile shared)
    {
        if (FileStamp.Of(file) != shared.Stamp) throw new WorkerRefusal(WorkerFailure.FileUnlike, "the worker sees another file there, or the file has changed");
    }

    // Of a text at least its end.
    static int BytesOf(ValueTypeCode type) => type == ValueTypeCode.Str ? 1 : type.SizeInBytes();

    static WorkerRefusal Malformed(string what) => new(WorkerFailure.BadRequest, what);
}
