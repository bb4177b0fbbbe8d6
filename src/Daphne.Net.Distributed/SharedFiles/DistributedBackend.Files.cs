using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

// Files that workers read themselves.
public sealed partial class DistributedBackend : IFileSource
{
    // A frame's labels and types travel with each request.
    const int MostColumns = 1024;

    readonly List<WeakReference<FileCells>> files = [];

    /// <summary>Files that are shorter are read here: to ask costs as much. Default 1 MiB.</summary>
    public long FilesFrom { get; init; } = 1 << 20;

    /// <inheritdoc/>
    public DataObject? Open(string path, IrType wanted, int threads, SourceSpan span, CancellationToken ct)
    {
        if (Path.GetExtension(path) is not (".csv" or ".dbdf" or ".mtx") || !workers.Clients.Any(c => c.ReadsFiles) || !File.Exists(path) || new FileInfo(path).Length < FilesFrom) return null;
        var meta = FileMetaData.For(path);
        bool frame = wanted is FrameType, sparse = wanted is MatrixType { Representation: Representation.Sparse };
        // Of other formats sparse matrices are made when they have been read.
        if (meta.Rows < 2 || !(frame ? FrameFileRows.CanRead(path) && meta.Cols is > 0 and <= MostColumns : MatrixFileRows.CanRead(path, meta)) || (sparse && Path.GetExtension(path) != ".mtx")) return null;
        meta = frame ? meta.AsFrame(path) : meta with { ValueType = meta.MatrixValueType, Schema = default };
        try
        {
            string real = RealPath.Of(path);
            using var file = File.OpenHandle(real);
            var cells = new FileCells(new(real, FileStamp.Of(file)), meta, sparse, path, threads, span, statistics.Note, ct);
            files.RemoveAll(f => !f.TryGetTarget(out _));
            files.Add(new(cells));
            return frame ? new FileFrame(cells) : new FileMatrix(cells);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;   // reading it now tells why
        }
    }

    /// <inheritdoc/>
    public void BeforeWrite(string path)
    {
        string real = RealPath.Of(path);
        foreach (var known in files)
            if (known.TryGetTarget(out var cells) && cells.InUse && cells.File.Path == real) cells.HereAsync().GetAwaiter().GetResult();
    }
}
