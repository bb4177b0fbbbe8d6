using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>Reads a matrix or frame from a CSV file: no header line, commas, several threads where the file is worth it.</summary>
static class CsvReader
{
    public static Matrix Read(string path, FileMetaData meta, int threads, int blockBytes = 1 << 20, CancellationToken ct = default) =>
        (Matrix)Read(path, meta, threads, blockBytes, ct, () => Cells(meta, meta.Rows));

    /// <summary>Reads some rows of a matrix.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">What diagnostics call it.</param>
    /// <param name="meta">Of the whole file.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="mark">A place in the file before the first of them.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="blockBytes">Bytes that are read at once.</param>
    /// <param name="ct">Ends the reading at the next block.</param>
    public static Matrix ReadRows(SafeFileHandle file, string path, FileMetaData meta, FileRows rows, CsvMark mark, int threads, int blockBytes = 1 << 20, CancellationToken ct = default)
    {
        long begin = rows.First == 0 || rows.Count == 0 ? 0 : mark.Seek(file, path, meta, rows.First, ct);
        return (Matrix)Read(file, path, meta, rows, begin, threads, blockBytes, ct, () => Cells(meta, rows.Count));
    }

    /// <summary>The same of a frame; the metadata has a schema.</summary>
    public static Frame ReadFrameRows(SafeFileHandle file, string path, FileMetaData meta, FileRows rows, CsvMark mark, int threads, int blockBytes = 1 << 20, CancellationToken ct = default)
    {
        long begin = rows.First == 0 || rows.Count == 0 ? 0 : mark.Seek(file, path, meta, rows.First, ct);
        return (Frame)Read(file, path, meta, rows, begin, threads, blockBytes, ct, () => new CsvFrame(meta with { Rows = rows.Count }));
    }

    /// <summary>Reads a frame; the metadata has a schema.</summary>
    public static Frame ReadFrame(string path, FileMetaData meta, int threads, int blockBytes = 1 << 20, CancellationToken ct = default) =>
        (Frame)Read(path, meta, threads, blockBytes, ct, () => new CsvFrame(meta));

    static DataObject Read(string path, FileMetaData meta, int threads, int blockBytes, CancellationToken ct, Func<ICsvCells> allocate)
    {
        using var file = FileAccess.OpenRead(path);
        return Read(file, path, meta, new(0, meta.Rows), 0, threads, blockBytes, ct, allocate);
    }

    static DataObject Read(SafeFileHandle file, string path, FileMetaData meta, FileRows rows, long begin, int threads, int blockBytes, CancellationToken ct, Func<ICsvCells> allocate)
    {
        var cells = allocate();
        try
        {
            var run = new Run(file, path, meta, rows, cells, new CsvBlocks(file, path, rows.Count, begin) { BlockBytes = blockBytes }, ct);
            run.Read((int)Math.Min(threads, RandomAccess.GetLength(file) / blockBytes + 1));
            return cells.Value;
        }
        catch
        {
            cells.Value.Release();
            throw;
        }
    }

    static ICsvCells Cells(FileMetaData meta, long rows) =>
        meta.MatrixValueType == ValueTypeCode.Str ? new CsvStrings(rows, meta.Cols) : DenseMatrix.Dispatch<Numbers, ICsvCells>(meta.MatrixValueType, new(rows, meta.Cols));

    readonly struct Numbers(long rows, long cols) : IStorageVisitor<ICsvCells>
    {
        public ICsvCells Visit<T>() where T : unmanaged => new CsvNumbers<T>(DenseMatrix<T>.Allocate(rows, cols));
    }

    sealed class Run(SafeFileHandle file, string path, FileMetaData meta, FileRows rows, ICsvCells cells, CsvBlocks blocks, CancellationToken ct)
    {
        readonly Lock gate = new();
        RaisedException? first;
        long firstOffset = long.MaxValue;

        public void Read(int threads)
        {
            RowThreads.Run(threads, ReadBlocks);
            ct.ThrowIfCancellationRequested();
            if (first is not null) throw first;
            if (blocks.Rows < rows.Count) throw Diag.CsvRows.Raise(path, rows.First + blocks.Rows, meta.Rows);
        }

        void ReadBlocks()
        {
            var block = new CsvBlock();
            try
            {
                while (!ct.IsCancellationRequested && blocks.TryNext(block))
                    if (cells.Read(block) is { } problem)
                        Report(problem.Raise(block, file, path, meta.Cols), block.Offset);
            }
            catch (RaisedException e)
            {
                Report(e, long.MaxValue - 1);
            }
        }

        // Blocks are handed out in order, so those before this one are being read and may still find an earlier problem.
        void Report(RaisedException problem, long offset)
        {
            blocks.Stop();
            lock (gate)
                if (offset < firstOffset) (first, firstOffset) = (problem, offset);
        }
    }
}
