using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>Some rows of a frame that lies in a file, as <see cref="MatrixFileRows"/> of a matrix. All ranges of a file together are what <see cref="FrameFiles.Read"/> reads.</summary>
public static class FrameFileRows
{
    /// <summary>True if a file of this name can be read by rows: <c>.csv</c>, <c>.mtx</c> and <c>.dbdf</c>.</summary>
    public static bool CanRead(string path) => Path.GetExtension(path) is ".csv" or ".mtx" or ".dbdf";

    /// <summary>Reads rows. Of a <c>.csv</c> file what stands before the mark is not touched, of numbers in a <c>.dbdf</c> file nothing but the rows; a <c>.mtx</c> file is read to its end.</summary>
    /// <param name="file">The file, open for reading.</param>
    /// <param name="path">Its name: says the format, and what diagnostics call it.</param>
    /// <param name="meta">What is known of the whole file, with a schema.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="mark">Of a <c>.csv</c> file: a place before the first row; default: its beginning.</param>
    /// <param name="threads">Threads to use for large ranges; 0 is one per processor.</param>
    /// <param name="ct">Ends the reading soon.</param>
    /// <exception cref="RaisedException">The file cannot be read, is wrong (where the rows are, at least), or there is no memory for the rows.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    /// <exception cref="ArgumentException">The file cannot be read by rows, or has no such rows or no schema by its metadata.</exception>
    public static Frame Read(SafeFileHandle file, string path, FileMetaData meta, FileRows rows, CsvMark mark = default, int threads = 0, CancellationToken ct = default)
    {
        if (!CanRead(path)) throw new ArgumentException($"'{path}' cannot be read by rows", nameof(path));
        if (!meta.IsFrame) throw new ArgumentException("the metadata has no schema", nameof(meta));
        if (rows.First < 0 || rows.Count < 0 || rows.First > meta.Rows - rows.Count) throw new ArgumentException($"there are no {rows.Count} rows from {rows.First} among {meta.Rows}", nameof(rows));
        return FileFormats.Of(path) switch
        {
            FileFormat.Csv => CsvReader.ReadFrameRows(file, path, meta, rows, mark, FileFormats.Threads(threads), ct: ct),
            FileFormat.Dbdf => DbdfReader.ReadFrameRows(file, path, meta, rows, ct),
            _ => FrameColumns.Split(MatrixMarketReader.ReadRows(file, path, meta, rows, sparse: false, ct), meta with { Rows = rows.Count }),
        };
    }
}
