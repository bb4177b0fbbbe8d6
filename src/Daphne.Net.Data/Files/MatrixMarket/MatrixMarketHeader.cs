using System.Text;

namespace Daphne.Net.Data;

/// <summary>The first line of a Matrix Market file, <c>%%MatrixMarket matrix coordinate real general</c>, as far as real matrices go.</summary>
/// <param name="Coordinates">Entries are row, column, value; else all cells column by column.</param>
/// <param name="Pattern">Entries have no value, which stands for 1.</param>
/// <param name="Mirror">What an entry below the diagonal is multiplied with above it: 1 symmetric, -1 skew-symmetric, 0 general.</param>
readonly record struct MatrixMarketHeader(bool Coordinates, bool Pattern, int Mirror)
{
    /// <summary>Reads the line; null if it is something else, or something this reader does not know.</summary>
    public static MatrixMarketHeader? Parse(ReadOnlySpan<byte> line) =>
        Encoding.UTF8.GetString(line).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is
            ["%%matrixmarket", "matrix", ("coordinate" or "array") and var form, ("real" or "double" or "integer" or "pattern") and var field, var symmetry]
        && symmetry is "general" or "symmetric" or "skew-symmetric" && !(field == "pattern" && form == "array")
            ? new(form == "coordinate", field == "pattern", symmetry switch { "symmetric" => 1, "skew-symmetric" => -1, _ => 0 })
            : null;

    /// <summary>The number of entries of an array; coordinates say it themselves.</summary>
    public Int128 Entries(long rows, long cols) => Mirror switch
    {
        0 => (Int128)rows * cols,
        1 => (Int128)rows * (rows + 1) / 2,
        _ => (Int128)rows * (rows - 1) / 2,
    };
}
