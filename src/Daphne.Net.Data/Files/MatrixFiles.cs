using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>Matrices in files. The extension names the format, a <c>.meta</c> file beside it the shape and type; a Parquet file needs none.</summary>
public static class MatrixFiles
{
    /// <summary>Reads a matrix; fields beyond the columns and rows beyond the rows of its metadata are skipped.</summary>
    /// <param name="path">The data file.</param>
    /// <param name="threads">Threads to use for large files; 0 is one per processor.</param>
    /// <param name="ct">Ends the reading of a CSV file at the next block.</param>
    /// <exception cref="RaisedException">A file is missing, unreadable, wrong, or of an unknown format; or there is no memory for the matrix.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public static Matrix Read(string path, int threads = 0, CancellationToken ct = default)
    {
        var format = FileFormats.Of(path);
        var meta = FileMetaData.For(path);
        return format switch
        {
            FileFormat.Csv => CsvReader.Read(path, meta, FileFormats.Threads(threads), ct: ct),
            FileFormat.Dbdf => DbdfReader.ReadMatrix(path, meta),
            FileFormat.MatrixMarket => MatrixMarketReader.Read(path, meta),
            _ => ParquetFile.ReadMatrix(path, meta, FileFormats.Threads(threads)),
        };
    }

    /// <summary>The same, but sparse where the format lists cells (<c>.mtx</c>): a matrix too large to be dense can be read.</summary>
    /// <exception cref="RaisedException">As for <see cref="Read"/>.</exception>
    public static Matrix ReadSparse(string path, int threads = 0) =>
        FileFormats.Of(path) == FileFormat.MatrixMarket ? MatrixMarketReader.Read(path, FileMetaData.For(path), sparse: true) : Read(path, threads);

    /// <summary>Writes a matrix and its metadata; files of these names are replaced when the new ones are whole.</summary>
    /// <param name="matrix">The matrix; if it lies elsewhere it is fetched.</param>
    /// <param name="path">The data file.</param>
    /// <param name="threads">Threads to use for large matrices; 0 is one per processor.</param>
    /// <exception cref="RaisedException">The format is unknown or cannot hold the matrix, or the system refuses it.</exception>
    public static void Write(Matrix matrix, string path, int threads = 0)
    {
        var format = FileFormats.Of(path);
        if (format == FileFormat.MatrixMarket && matrix.ValueType == ValueTypeCode.Str) throw Diag.FileKind.Raise(matrix.Header, path, "a .mtx file holds numbers");
        var here = matrix.Here();
        AtomicFile.Write(path, FileMetaData.Of(matrix), file =>
        {
            if (SparseFile.IsSparse(here)) WriteSparse(SparseFile.Of(here), format, file, path, FileFormats.Threads(threads));
            else if (format == FileFormat.MatrixMarket) RowWriter.Write(MatrixMarketText.Of(here), file, FileFormats.Threads(threads));
            else if (format == FileFormat.Csv) RowWriter.Write(CsvText.Of(here), file, FileFormats.Threads(threads));
            else if (format == FileFormat.Parquet) ParquetWriter.Write(here, file, FileFormats.Threads(threads));
            else DbdfWriter.Write(here, file, path);
        });
    }

    static void WriteSparse(SparseFile matrix, FileFormat format, SafeFileHandle file, string path, int threads)
    {
        switch (format)
        {
            case FileFormat.Csv: RowWriter.Write(matrix.Csv, file, threads); break;
            case FileFormat.MatrixMarket: RowWriter.Write(matrix.MatrixMarket, file, threads); break;
            case FileFormat.Dbdf: matrix.WriteDbdf(file, path); break;
            default:
                var dense = matrix.ToDense();
                try
                {
                    ParquetWriter.Write(dense, file, threads);
                }
                finally
                {
                    dense.Release();
                }
                break;
        }
    }
}
