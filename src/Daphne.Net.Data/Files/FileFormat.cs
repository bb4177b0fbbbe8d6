using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>What the extension of a data file says about its content.</summary>
enum FileFormat
{
    Csv,
    Dbdf,
    MatrixMarket,
    Parquet,
}

/// <summary>From the name of a file to its format.</summary>
static class FileFormats
{
    const string Known = ".csv, .dbdf, .mtx or .parquet";

    /// <summary>The format of a file.</summary>
    /// <exception cref="RaisedException">The extension names none.</exception>
    public static FileFormat Of(string path) => Path.GetExtension(path) switch
    {
        ".csv" => FileFormat.Csv,
        ".dbdf" => FileFormat.Dbdf,
        ".mtx" => FileFormat.MatrixMarket,
        ".parquet" => FileFormat.Parquet,
        "" => throw Diag.UnknownExtension.Raise(path, "has no extension", Known),
        _ => throw Diag.UnknownExtension.Raise(path, "has an extension that names no format", Known),
    };

    /// <summary>How many threads to use where <paramref name="threads"/> were allowed; 0 is one per processor.</summary>
    public static int Threads(int threads) => threads > 0 ? threads : Environment.ProcessorCount;
}
