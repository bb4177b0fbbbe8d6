using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>Reads a matrix or frame from a CSV file: no header line, commas, several threads where the file is worth it.</summary>
static class CsvReader
{
    public static Matrix Read(string path, FileMetaData meta, int threads, int blockBytes = 1 << 20, CancellationToken ct = default) =>
        (Matrix)Read(path, meta, threads, blockBytes, ct, () => meta.MatrixValueType == ValueTypeCode.Str
            ? new CsvStrings(meta.Rows, meta.Cols)
            : DenseMatrix.Dispatch<Numbers, ICsvCells>(meta.MatrixValueType, new(meta.Rows, meta.Cols)));

    /// <summary>Reads a frame; the metadata has a schema.</summary>
    public static Frame ReadFrame(string path, FileMetaData meta, int threads, int blockBytes = 1 << 20, CancellationToken ct = default) =>
        (Frame)Read(path, meta, threads, blockBytes, ct, () => new CsvFrame(meta));

    static DataObject Read(string path, FileMetaData meta, int threads, int blockBytes, CancellationToken ct, Func<ICsvCells> allocate)
    {
        using var file = FileAccess.OpenRead(path);
        var cells = allocate();
        try
        {
            var run = new Run(file, path, meta, cells, new CsvBlocks(file, path, meta.Rows) { BlockBytes = blockBytes }, ct);
            run.Read((int)Math.Min(threads, RandomAccess.GetLength(file) / blockBytes + 1));
            return cells.Value;
        }
        catch
        {
            cells.Value.Release();
            throw;
        }
    }

    readonly struct Numbers(long rows, long cols) : IStorageVisitor<ICsvCells>
    {
        public ICsvCells Visit<T>() where T : unmanaged => new CsvNumbers<T>(DenseMatrix<T>.Allocate(rows, cols));
    }

    sealed class Run(SafeFileHandle file, string path, FileMetaData meta, ICsvCells cells, CsvBlocks blocks, CancellationToken ct)
    {
        readonly Lock gate = new();
        RaisedException? first;
        long firstOffset = long.MaxValue;

        public void Read(int threads)
        {
            RowThreads.Run(threads, ReadBlocks);
            ct.ThrowIfCancellationRequested();
            if (first is not null) throw first;
            if (blocks.Rows < meta.Rows) throw Diag.CsvRows.Raise(path, blocks.Rows, meta.Rows);
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
