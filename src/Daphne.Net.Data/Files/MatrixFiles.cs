using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Matrices in files. The extension names the format, a <c>.meta</c> file beside it the shape and type.</summary>
public static class MatrixFiles
{
    const string Formats = ".csv, .dbdf or (to read) .mtx";

    /// <summary>Reads a matrix; fields beyond the columns and rows beyond the rows of its metadata are skipped.</summary>
    /// <param name="path">The data file.</param>
    /// <param name="threads">Threads to use for large files; 0 is one per processor.</param>
    /// <exception cref="RaisedException">A file is missing, unreadable, wrong, or of an unknown format; or there is no memory for the matrix.</exception>
    public static Matrix Read(string path, int threads = 0)
    {
        var format = FormatOf(path, "reading");
        var meta = FileMetaData.For(path);
        return format switch
        {
            Format.Csv => CsvReader.Read(path, meta, Threads(threads)),
            Format.Dbdf => DbdfFile.Read(path, meta),
            _ => MatrixMarketReader.Read(path, meta),
        };
    }

    /// <summary>Writes a matrix and its metadata; files of these names are replaced when the new ones are whole.</summary>
    /// <param name="matrix">The matrix; if it lies elsewhere it is fetched.</param>
    /// <param name="path">The data file.</param>
    /// <param name="threads">Threads to use for large matrices; 0 is one per processor.</param>
    /// <exception cref="RaisedException">The format is unknown or cannot hold the matrix, or the system refuses it.</exception>
    public static void Write(Matrix matrix, string path, int threads = 0)
    {
        var format = FormatOf(path, "writing");
        if (format == Format.MatrixMarket) throw Diag.FileKind.Raise(matrix.Header, path, "a .mtx file can only be read; write .csv or .dbdf");
        var here = matrix.Here();
        AtomicFile.Write(path, FileMetaData.Of(matrix), file =>
        {
            if (format == Format.Csv) CsvWriter.Write(here, file, Threads(threads));
            else DbdfFile.Write(here, file);
        });
    }

    static int Threads(int threads) => threads > 0 ? threads : Environment.ProcessorCount;

    static Format FormatOf(string path, string doing)
    {
        string extension = Path.GetExtension(path);
        return extension switch
        {
            ".csv" => Format.Csv,
            ".dbdf" => Format.Dbdf,
            ".mtx" => Format.MatrixMarket,
            ".parquet" => throw Diag.NotSupportedYet.Raise($"{doing} a {extension} file ('{path}')"),
            "" => throw Diag.UnknownExtension.Raise(path, "has no extension", Formats),
            _ => throw Diag.UnknownExtension.Raise(path, "has an extension that names no format", Formats),
        };
    }

    enum Format
    {
        Csv,
        Dbdf,
        MatrixMarket,
    }
}
