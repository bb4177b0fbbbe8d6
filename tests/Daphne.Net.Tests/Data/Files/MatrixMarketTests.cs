using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Data.Files;

public sealed class MatrixMarketTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("array real general", "2 3\n1\n2\n3\n4\n5\n6\n", 2, 3, "1 3 5 / 2 4 6")]
    [InlineData("coordinate real general", "% a \"comment\"\n\n3 4 4\n1 1 1.5\n1 4 4\r\n2 3 7e-1\n 3 4  -2\n", 3, 4, "1.5 0 0 4 / 0 0 0.7 0 / 0 0 0 -2")]
    [InlineData("coordinate integer general", "2 2 2\n1 2 7\n2 1 -3", 2, 2, "0 7 / -3 0")]
    [InlineData("coordinate pattern general", "2 3 2\n1 2\n2 3\n", 2, 3, "0 1 0 / 0 0 1")]
    [InlineData("coordinate real symmetric", "3 3 3\n1 1 1.5\n3 1 -2\n3 2 5\n", 3, 3, "1.5 0 -2 / 0 0 5 / -2 5 0")]
    [InlineData("coordinate real skew-symmetric", "3 3 2\n2 1 4\n3 2 5\n", 3, 3, "0 -4 0 / 4 0 -5 / 0 5 0")]
    [InlineData("array real symmetric", "2 2\n1\n2\n3\n", 2, 2, "1 2 / 2 3")]
    [InlineData("array real skew-symmetric", "3 3\n1\n2\n3\n", 3, 3, "0 -1 -2 / 1 0 -3 / 2 3 0")]
    public void All_forms_are_read(string form, string content, int rows, int cols, string cells)
    {
        var matrix = Read($"%%MatrixMarket matrix {form}\n{content}", rows, cols);
        Assert.Equal(cells, string.Join(" / ", Printer.ToText(Datum.Of(matrix)).TrimEnd('\n').Split('\n')[1..]));
        var sparse = Assert.IsType<CsrMatrix<double>>(MatrixFiles.ReadSparse(folder["m.mtx"]));
        Assert.Equal(Printer.ToText(Datum.Of(matrix)).Replace("DenseMatrix", "CSRMatrix", StringComparison.Ordinal), Printer.ToText(Datum.Of(sparse)));
    }

    [Fact]
    public void Of_a_cell_given_twice_the_last_value_counts_and_rows_come_in_any_order()
    {
        Read("%%MatrixMarket matrix coordinate real general\n3 3 5\n3 2 1\n1 3 2\n1 1 3\n3 2 4\n1 2 5\n", 3, 3);
        Assert.Equal("CSRMatrix(3x3, double)\n3 5 2\n0 0 0\n0 4 0\n", Printer.ToText(Datum.Of(MatrixFiles.ReadSparse(folder["m.mtx"]))));
    }

    [Fact]
    public void A_matrix_too_large_to_be_dense_is_read_sparse()
    {
        folder.Write("large.mtx", "%%MatrixMarket matrix coordinate pattern general\n2000000 2000000 2\n1 2000000\n2000000 1\n", "{\"numRows\": 2000000, \"numCols\": 2000000, \"valueType\": \"f64\", \"numNonZeros\": 2}");
        var sparse = Assert.IsType<CsrMatrix<double>>(MatrixFiles.ReadSparse(folder["large.mtx"]));
        Assert.Equal(2, sparse.Stored);
        Assert.Equal(1, sparse[1_999_999, 0]);
    }

    [Theory]
    [InlineData("", ":0: the file ends before the line with its size")]
    [InlineData("1 2 3\n", ":1: the first line must be like '%%MatrixMarket matrix coordinate real general'")]
    [InlineData("%%MatrixMarket matrix coordinate complex general\n", ":1: the first line must be like '%%MatrixMarket matrix coordinate real general'")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 2\n1 1 1\n", ":3: the file ends after 1 of 2 entries")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1\n3 1 1\n", ":3: there is no cell 3, 1 in a 2x2 matrix")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1\n0 1 1\n", ":3: there is no cell 0, 1 in a 2x2 matrix")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1\n", ":3: a number of type f64 was expected")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 5 6\n", ":3: the line is longer than expected")]
    [InlineData("%%MatrixMarket matrix array real general\n2 2\n1\n2\n3\n4\n5\n", ":7: there are more than 4 entries")]
    [InlineData("%%MatrixMarket matrix array real general\n2 x\n", ":2: a whole number of at least 0 was expected")]
    public void Mistakes_are_told_with_their_line(string text, string message) =>
        Assert.Equal(folder["m.mtx"] + message, Assert.Throws<RaisedException>(() => Read(text, 2, 2)).Message);

    [Fact]
    public void Another_size_than_the_metadata_says_is_told() =>
        Assert.Equal($"'{folder["m.mtx"]}' holds a 3x2 matrix, but its .meta file says 2x2",
            Assert.Throws<RaisedException>(() => Read("%%MatrixMarket matrix array real general\n3 2\n", 2, 2)).Message);

    Matrix Read(string text, int rows, int cols) =>
        MatrixFiles.Read(folder.Write("m.mtx", text, $$"""{"numRows": {{rows}}, "numCols": {{cols}}, "valueType": "f64"}"""));
}
