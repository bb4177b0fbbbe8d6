using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Data.Files;

public sealed class MatrixFilesTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Written_numbers_have_the_shortest_digits()
    {
        MatrixFiles.Write(DenseMatrix<double>.Copy([1, -0.5, 1e10, 1e-7, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 123456.789, 0.1], 3, 3), folder["x.csv"]);
        Assert.Equal("1,-0.5,10000000000\n1e-07,nan,inf\n-inf,123456.789,0.1\n", File.ReadAllText(folder["x.csv"]));
        Assert.Equal("""{"numCols":3,"numRows":3,"valueType":"f64"}""", File.ReadAllText(folder["x.csv.meta"]));
        Assert.Equal(["x.csv", "x.csv.meta"], folder.Names);
    }

    [Fact]
    public void Written_strings_are_quoted_where_they_must_be()
    {
        MatrixFiles.Write(new StringMatrix(["plain", "a,b", "q\"q", "two\nlines", "", " sp "], 2, 3), folder["x.csv"]);
        Assert.Equal("plain,\"a,b\",\"q\"\"q\"\n\"two\nlines\",, sp \n", File.ReadAllText(folder["x.csv"]));
        Assert.Equal(["plain", "a,b", "q\"q", "two\nlines", "", " sp "], ((StringMatrix)MatrixFiles.Read(folder["x.csv"])).Span.ToArray());
    }

    public static TheoryData<ValueTypeCode, string> Formats =>
    [
        .. from type in ValueTypes.All where type.IsNumeric() && type != ValueTypeCode.Size from extension in new[] { ".csv", ".dbdf", ".mtx", ".parquet" } select (type, extension),
    ];

    [Theory, MemberData(nameof(Formats))]
    public void What_is_written_is_read(ValueTypeCode type, string extension)
    {
        foreach (var (rows, cols) in new[] { (0, 3), (1, 1), (5000, 9) })
        {
            var matrix = DenseMatrix.Dispatch<Cells, Matrix>(type, new(rows, cols));
            MatrixFiles.Write(matrix, folder["m" + extension], threads: 3);
            var back = MatrixFiles.Read(folder["m" + extension], threads: 3);
            Assert.Equal(Printer.ToText(Datum.Of(matrix)), Printer.ToText(Datum.Of(back)));
            Assert.True(DenseMatrix.Dispatch<Same, bool>(matrix, new(back)));
            matrix.Release();
            back.Release();
        }
    }

    [Fact]
    public void A_dbdf_file_has_the_recorded_bytes()
    {
        MatrixFiles.Write(DenseMatrix<double>.Copy([1, 2.5, -3, 4, 0, 6], 2, 3), folder["m.dbdf"]);
        Assert.Equal("0101020000000000000003000000000000000700000000000000000000000000000000" + "02000000030000000107" + "000000000000F03F000000000000044000000000000008C0000000000000104000000000000000000000000000001840",
            Convert.ToHexString(File.ReadAllBytes(folder["m.dbdf"])));
    }

    [Fact]
    public void A_mtx_file_holds_the_cells_column_by_column()
    {
        MatrixFiles.Write(DenseMatrix<double>.Copy([1, 2.5, -3, 4, 0, 1e-7], 2, 3), folder["m.mtx"]);
        Assert.Equal("%%MatrixMarket matrix array real general\n2 3\n1\n4\n2.5\n0\n-3\n1e-07\n", File.ReadAllText(folder["m.mtx"]));
        MatrixFiles.Write(DenseMatrix<byte>.Copy([7], 1, 1), folder["m.mtx"]);
        Assert.Equal("%%MatrixMarket matrix array integer general\n1 1\n7\n", File.ReadAllText(folder["m.mtx"]));
    }

    [Fact]
    public void Files_are_replaced()
    {
        MatrixFiles.Write(DenseMatrix<long>.Copy([1, 2, 3], 3, 1), folder["m.csv"]);
        MatrixFiles.Write(DenseMatrix<double>.Copy([4.5], 1, 1), folder["m.csv"]);
        Assert.Equal("DenseMatrix(1x1, double)\n4.5\n", Printer.ToText(Datum.Of(MatrixFiles.Read(folder["m.csv"]))));
    }

    [Fact]
    public void A_frame_is_read_as_a_matrix_of_the_most_general_type()
    {
        folder.Write("f.csv", "1,2.5\n", """{"numRows": 1, "numCols": 2, "schema": [{"valueType": "si64"}, {"valueType": "f64"}]}""");
        Assert.Equal("DenseMatrix(1x2, double)\n1 2.5\n", Printer.ToText(Datum.Of(MatrixFiles.Read(folder["f.csv"]))));
    }

    [Fact]
    public void Files_that_cannot_be_read_are_told()
    {
        Directory.CreateDirectory(folder["d.csv"]);
        folder.Write("no-meta.csv", "1\n");
        folder.Write("m.dbdf", "short", """{"numRows": 1, "numCols": 1, "valueType": "f64"}""");
        folder.Write("d.csv.meta", """{"numRows": 1, "numCols": 1, "valueType": "f64"}""");
        Assert.Equal("DPH4001", Code(() => MatrixFiles.Read(folder["no-meta.csv"])));
        Assert.Equal("DPH4010", Code(() => MatrixFiles.Read(folder["x.foo"])));
        Assert.Equal("DPH4010", Code(() => MatrixFiles.Read(folder["x"])));
        Assert.Equal("DPH4011", Code(() => MatrixFiles.Read(folder["nope.csv"])));
        Assert.Equal("DPH4012", Code(() => MatrixFiles.Read(folder["d.csv"])));
        Assert.Equal("DPH3710", Code(() => MatrixFiles.Read(folder["m.dbdf"])));
        Assert.Equal("DPH4011", Code(() => MatrixFiles.Read(folder["m.parquet"])));
        MatrixFiles.Write(DenseMatrix<float>.Copy([1], 1, 1), folder["f.dbdf"]);
        File.Copy(folder["d.csv.meta"], folder["f.dbdf.meta"], overwrite: true);
        Assert.Equal($"'{folder["f.dbdf"]}' holds cells of f32, but its .meta file says cells of f64", Assert.Throws<RaisedException>(() => MatrixFiles.Read(folder["f.dbdf"])).Message);
    }

    [Fact]
    public void Files_that_cannot_be_written_are_told_and_nothing_is_left_behind()
    {
        using var one = new Once(DenseMatrix<double>.Copy([1], 1, 1));
        Directory.CreateDirectory(folder["d.csv"]);
        Assert.Equal("DPH4012", Code(() => MatrixFiles.Write(one.Matrix, folder["d.csv"])));
        Assert.Equal("DPH4014", Code(() => MatrixFiles.Write(one.Matrix, folder["none/x.csv"])));
        Assert.Equal("DPH4010", Code(() => MatrixFiles.Write(one.Matrix, folder["x.foo"])));
        Assert.Equal("DPH4010", Code(() => MatrixFiles.Write(one.Matrix, folder["x"])));
        Assert.Equal("DPH4015", Code(() => MatrixFiles.Write(new StringMatrix(["a"], 1, 1), folder["x.mtx"])));
        Assert.Equal(["d.csv"], folder.Names);
    }

    static string Code(Action action) => Assert.Throws<RaisedException>(action).Def.Code;

    sealed class Once(Matrix matrix) : IDisposable
    {
        public Matrix Matrix => matrix;

        public void Dispose() => matrix.Release();
    }

    readonly struct Cells(long rows, long cols) : IStorageVisitor<Matrix>
    {
        public Matrix Visit<T>() where T : unmanaged
        {
            var random = new Random(3);
            var matrix = DenseMatrix<T>.Allocate(rows, cols);
            foreach (ref T cell in matrix.WritableSpan(0, (int)matrix.Cells))
            {
                ulong bits = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
                cell = typeof(T) == typeof(double) ? (T)(object)(random.NextDouble() * Math.Pow(10, random.Next(-300, 300)))
                    : typeof(T) == typeof(float) ? (T)(object)((float)random.NextDouble() * 1e3f)
                    : typeof(T) == typeof(bool) ? (T)(object)((bits & 1) == 1) : Datum.FromBits<T>(bits);
            }
            return matrix;
        }
    }

    readonly struct Same(Matrix other) : IMatrixVisitor<bool>
    {
        public bool Visit<T>(DenseMatrix<T> matrix) where T : unmanaged => matrix.ToArray().SequenceEqual(((DenseMatrix<T>)other).ToArray());
    }
}
