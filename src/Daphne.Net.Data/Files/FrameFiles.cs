using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Frames in files. The extension names the format, the <c>schema</c> of the <c>.meta</c> file beside it labels and types of the columns; a Parquet file needs none.</summary>
public static class FrameFiles
{
    /// <summary>
    /// Reads a frame. Where the metadata describes a matrix, its columns are called <c>col_0</c>, <c>col_1</c>, …; fields beyond the columns and rows beyond
    /// the rows of the metadata of a CSV file are skipped.
    /// </summary>
    /// <param name="path">The data file.</param>
    /// <param name="threads">Threads to use for large files; 0 is one per processor.</param>
    /// <param name="ct">Ends the reading of a CSV file at the next block.</param>
    /// <exception cref="RaisedException">A file is missing, unreadable, wrong, or of an unknown format; or there is no memory for the frame.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public static Frame Read(string path, int threads = 0, CancellationToken ct = default)
    {
        var format = FileFormats.Of(path);
        var meta = FileMetaData.For(path).AsFrame(path);
        return format switch
        {
            FileFormat.Csv => CsvReader.ReadFrame(path, meta, FileFormats.Threads(threads), ct: ct),
            FileFormat.MatrixMarket => FrameColumns.Split(MatrixMarketReader.Read(path, meta), meta),
            FileFormat.Dbdf => DbdfReader.ReadFrame(path, meta),
            _ => ParquetFile.ReadFrame(path, meta, FileFormats.Threads(threads)),
        };
    }

    /// <summary>Writes a frame and its metadata; files of these names are replaced when the new ones are whole.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="path">The data file.</param>
    /// <param name="threads">Threads to use for large frames; 0 is one per processor.</param>
    /// <exception cref="RaisedException">The format is unknown or cannot hold a frame, or the system refuses it.</exception>
    public static void Write(Frame frame, string path, int threads = 0)
    {
        var format = FileFormats.Of(path);
        if (format == FileFormat.MatrixMarket) throw Diag.FileKind.Raise(frame.Header, path, "a .mtx file holds one matrix; write .csv, .dbdf or .parquet");
        AtomicFile.Write(path, FileMetaData.Of(frame), file =>
        {
            if (format == FileFormat.Csv) RowWriter.Write(CsvText.Of(frame), file, FileFormats.Threads(threads));
            else if (format == FileFormat.Dbdf) DbdfWriter.Write(frame, file, path);
            else ParquetWriter.Write(frame, file, FileFormats.Threads(threads));
        });
    }
}
