using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class ContingencyTableTests
{
    static DenseMatrix<T> Column<T>(params T[] cells) where T : unmanaged => DenseMatrix<T>.Copy(cells, cells.Length, 1);

    static void Check<T>(DenseMatrix<T> table, long rows, long cols, params T[] cells) where T : unmanaged =>
        RandomMatrices.AssertSame(DenseMatrix<T>.Copy(cells, rows, cols), table, "table");

    [Fact]
    public void The_recorded_tables()
    {
        Check(ContingencyTable.Apply(Column(0L, 1, 2), Column(2L, 1, 0), 1.0), 3, 3, 0, 0, 1, 0, 1, 0, 1, 0, 0);
        Check(ContingencyTable.Apply(Column(0L, 0, 0), Column(1L, 1, 1), 1.0), 1, 2, 0, 3);
        Check(ContingencyTable.Apply(Column(0L, 1, 0), Column(0L, 1, 0), 5L), 2, 2, 10, 0, 0, 5);
        Check(ContingencyTable.Apply(Column(0L, 1, 0), Column(0L, 1, 0), 1.0, 2, 3), 2, 3, 2, 0, 0, 0, 1, 0);
        Check(ContingencyTable.Apply(Column(0L, 1, 3), Column(0L, 1, 3), 1.0, 2, 2), 2, 2, 1, 0, 0, 1);
        Check(ContingencyTable.Apply(Column(0L, 1, 3), Column(0L, 1, 3), 2.5, -1, 2), 4, 2, 2.5, 0, 0, 2.5, 0, 0, 0, 0);
        Check(ContingencyTable.Apply(Column(0.0, 1.0), Column(1.0, 2.0), 1.0), 2, 3, 0, 1, 0, 0, 0, 1);
        Check(ContingencyTable.Apply(Column<long>(), Column<long>(), 1.0), 0, 0);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        Assert.Equal("ctable needs as many row as column coordinates, but there are 3 and 2", Message(Column(0L, 1, 2), Column(1L, 1)));
        Assert.Equal("ctable needs coordinates of at least 0, but coordinate 1 is -2", Message(Column(0L, 1), Column(1L, -2)));
        Assert.Equal("ctable needs coordinates of at least 0, but coordinate 0 is nan", Message(Column(double.NaN), Column(1L)));
        Assert.Equal("ctable needs a column, not a 1x2 matrix", Message(DenseMatrix<long>.Copy([1, 2], 1, 2), DenseMatrix<long>.Copy([1, 2], 1, 2)));

        static string Message(Matrix rows, Matrix cols) => Assert.Throws<RaisedException>(() => ContingencyTable.Apply(rows, cols, 1.0)).Message;
    }
}
