using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

static class KeyGuard
{
    /// <summary>Columns of that many rows, which can be numbered.</summary>
    public static void Columns(IReadOnlyList<Matrix> keys, long rows)
    {
        foreach (var key in keys)
            if (key.Cols != 1 || key.Rows != rows) throw new ArgumentException($"a {key.Rows}x{key.Cols} matrix is no key of {rows} rows", nameof(keys));
        Numerable(rows);
    }

    // Rows of a group, groups and places in a chain are 32-bit numbers: half the memory traffic of 64 bits.
    public static void Numerable(long rows)
    {
        if (rows > int.MaxValue) throw Diag.TooManyRows.Raise(rows, int.MaxValue);
    }
}
