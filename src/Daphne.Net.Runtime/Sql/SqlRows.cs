using Daphne.Net.Data;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Rows on their way through a plan: typed columns of equal length, each with one owner here.</summary>
sealed class SqlRows(long count, Matrix[] columns) : IDisposable
{
    /// <summary>Number of rows, which says how many there are where no column is left.</summary>
    public long Count => count;

    public IReadOnlyList<Matrix> Columns => columns;

    /// <summary>The rows at these positions, or <see cref="GatherRows.None"/>, in new columns.</summary>
    public SqlRows At(DenseMatrix<long> positions, TaskRunner run) => new(positions.Rows, [.. columns.Select(c => GatherRows.Of(c, positions, run))]);

    /// <summary>The rows at these positions with only the wanted columns; nothing stands in place of the others.</summary>
    public SqlRows At(DenseMatrix<long> positions, IEnumerable<int> wanted, TaskRunner run)
    {
        var some = new Matrix[columns.Length];
        foreach (int column in wanted) some[column] ??= GatherRows.Of(columns[column], positions, run);
        return new(positions.Rows, some);
    }

    /// <summary>The columns of both, side by side; these rows give up theirs.</summary>
    public static SqlRows Beside(SqlRows left, SqlRows right) => new(left.Count, [.. left.Columns, .. right.Columns]);

    public void Dispose()
    {
        // A column that was not wanted has no owner to give up.
        foreach (var column in columns) column?.Release();
    }
}
