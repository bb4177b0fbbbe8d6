using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>CSV files without a <c>.meta</c> file: whoever reads one says what is in it.</summary>
public static class CsvFiles
{
    /// <summary>Opens and closes a file, so that what is wrong with its name shows now.</summary>
    /// <exception cref="RaisedException">There is no such file, or it cannot be read.</exception>
    public static void CheckReadable(string path) => FileAccess.OpenRead(path).Dispose();

    /// <summary>A matrix of f64; fields beyond the columns and rows beyond the rows are skipped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">How many rows to read.</param>
    /// <param name="cols">How many columns to read.</param>
    /// <param name="threads">Threads to use for large files; 0 is one per processor.</param>
    /// <param name="ct">Ends the reading at the next block.</param>
    /// <exception cref="RaisedException">The file is missing, unreadable or wrong; or there is no memory for the matrix.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public static Matrix Read(string path, long rows, long cols, int threads = 0, CancellationToken ct = default) =>
        CsvReader.Read(path, new FileMetaData(rows, cols) { ValueType = ValueTypeCode.F64 }, FileFormats.Threads(threads), ct: ct);
}
