using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Data.Files;

public sealed class FrameFilesTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory, InlineData(".csv"), InlineData(".dbdf"), InlineData(".parquet")]
    public void What_is_written_is_read(string extension)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var frame = RandomFrames.Make(random, seed % 8 == 0 ? 0 : random.Next(1, 2000), random.Next(1, 12));
            FrameFiles.Write(frame, folder["f" + extension], threads: 3);
            var back = FrameFiles.Read(folder["f" + extension], threads: 3);
            Assert.True(RandomFrames.Difference(frame, back) is null, $"seed {seed}: {RandomFrames.Difference(frame, back)}");
            frame.Release();
            back.Release();
        }
    }

    [Fact]
    public void Blocks_may_end_anywhere()
    {
        var frame = RandomFrames.Make(300, [ValueTypeCode.Str, ValueTypeCode.F64, ValueTypeCode.UI8, ValueTypeCode.Str], new(1));
        FrameFiles.Write(frame, folder["f.csv"]);
        var meta = FileMetaData.For(folder["f.csv"]);
        foreach (int blockBytes in new[] { 1, 7, 64, 1000 })
            Assert.Null(RandomFrames.Difference(frame, CsvReader.ReadFrame(folder["f.csv"], meta, threads: 3, blockBytes)));
    }

    [Fact]
    public void The_metadata_names_and_types_the_columns()
    {
        var frame = new Frame(2, [DenseMatrix<long>.Copy([1, 2], 2, 1), DenseMatrix<double>.Copy([0.5, -1e6], 2, 1), new StringMatrix(["p,q", "r"], 2, 1)], ["id", "x \"y", "s"]);
        FrameFiles.Write(frame, folder["f.csv"]);
        Assert.Equal("1,0.5,\"p,q\"\n2,-1000000,r\n", File.ReadAllText(folder["f.csv"]));
        Assert.Equal("""{"numCols":3,"numRows":2,"schema":[{"label":"id","valueType":"si64"},{"label":"x \"y","valueType":"f64"},{"label":"s","valueType":"str"}]}""",
            File.ReadAllText(folder["f.csv.meta"]));
        Assert.Equal("DenseMatrix(2x3, std::string)\n1 0.5 p,q\n2 -1000000 r\n", Printer.ToText(Datum.Of(MatrixFiles.Read(folder["f.csv"]))));
    }

    [Theory]
    [InlineData("1,x\n2\n", "{0}:2: the row has 1 fields, but the .meta file says 2 columns")]
    [InlineData("1,x\nq,x\n", "{0}:2:1: 'q' is not a number of type ui8")]
    [InlineData("1,x\n256,x\n", "{0}:2:1: '256' is not a number of type ui8")]
    [InlineData("1,x\n", "'{0}' ends after 1 rows, but its .meta file says 2")]
    [InlineData("1,x\n2,\"y\n", "{0}:2:3: the quoted field never ends")]
    public void Mistakes_are_told_with_their_place(string text, string message)
    {
        folder.Write("f.csv", text, """{"numRows": 2, "numCols": 2, "schema": [{"label": "a", "valueType": "ui8"}, {"label": "b", "valueType": "str"}]}""");
        Assert.Equal(string.Format(message, folder["f.csv"]), Assert.Throws<RaisedException>(() => FrameFiles.Read(folder["f.csv"])).Message);
    }

    [Fact]
    public void What_no_frame_can_be_is_told()
    {
        folder.Write("wide.csv", "", """{"numRows": 0, "numCols": 9999999999, "valueType": "f64"}""");
        Assert.Equal("DPH1720", Assert.Throws<RaisedException>(() => FrameFiles.Read(folder["wide.csv"])).Def.Code);
        Assert.Equal("DPH4015", Assert.Throws<RaisedException>(() => FrameFiles.Write(RandomFrames.Make(new(1), 2, 2), folder["x.mtx"])).Def.Code);
        Assert.Equal(["wide.csv", "wide.csv.meta"], folder.Names);
    }

    [Fact]
    public void A_column_of_a_matrix_file_becomes_a_column_of_a_frame()
    {
        folder.Write("m.mtx", "%%MatrixMarket matrix array integer general\n2 2\n1\n2\n3\n4\n", """{"numRows": 2, "numCols": 2, "valueType": "si64"}""");
        Assert.Equal("Frame(2x2, [col_0:int64_t, col_1:int64_t])\n1 3\n2 4\n", Printer.ToText(Datum.Of(FrameFiles.Read(folder["m.mtx"]))));
    }
}
