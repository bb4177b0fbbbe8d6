using Daphne.Net.Data;

namespace Daphne.Net.Tests.Data.Files;

public sealed class SparseFilesTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly CsrMatrix<double> matrix = CsrMatrix<double>.Copy([0, 1, 1, 3], [2, 0, 1], [0.5, -1, 0], 3, 3);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_sparse_matrix_is_written_by_coordinates_or_rows()
    {
        MatrixFiles.Write(matrix, folder["m.mtx"]);
        Assert.Equal("%%MatrixMarket matrix coordinate real general\n3 3 3\n1 3 0.5\n3 1 -1\n3 2 0\n", File.ReadAllText(folder["m.mtx"]));
        MatrixFiles.Write(matrix, folder["m.csv"]);
        Assert.Equal("0,0,0.5\n0,0,0\n-1,0,0\n", File.ReadAllText(folder["m.csv"]));
        Assert.Equal("""{"numCols":3,"numNonZeros":2,"numRows":3,"valueType":"f64"}""", File.ReadAllText(folder["m.csv.meta"]));
    }

    [Fact]
    public void A_sparse_matrix_in_dbdf_has_the_arrays_of_the_code()
    {
        MatrixFiles.Write(matrix, folder["m.dbdf"]);
        Assert.Equal("01020300000000000000030000000000000007" + "00000000000000000000000000000000" + "03000000030000000207" + "0300000000000000"
            + "0000000000000000010000000000000001000000000000000300000000000000" + "020000000000000000000000000000000100000000000000" + "000000000000E03F000000000000F0BF0000000000000000",
            Convert.ToHexString(File.ReadAllBytes(folder["m.dbdf"])));
    }

    [Theory, InlineData(".mtx"), InlineData(".csv"), InlineData(".dbdf"), InlineData(".parquet")]
    public void What_is_written_is_read(string extension)
    {
        foreach (var part in new[] { matrix, matrix.RowRange(1, 2), matrix.RowRange(1, 0) })
        {
            MatrixFiles.Write(part, folder["m" + extension], threads: 3);
            string printed = Printer.ToText(Datum.Of(MatrixFiles.Read(folder["m" + extension])));
            Assert.Equal(Printer.ToText(Datum.Of(part)).Replace("CSRMatrix", "DenseMatrix", StringComparison.Ordinal), printed);
        }
    }
}
