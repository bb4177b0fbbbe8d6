using System.Globalization;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Data.Files;

public sealed class ParquetTests : IDisposable
{
    const int GoldenRows = 300;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("hyparquet-snappy", "flag:bool id:si32 big:si64 x:f64 y:f32 name:str")]
    [InlineData("parquetjs-uncompressed-v1", "flag:bool id:si32 u8:ui8 s8:si8 u32:ui32 u64:ui64 x:f64 f:f32 name:str")]
    [InlineData("parquetjs-snappy-v2", "flag:bool id:si32 u8:ui8 s8:si8 u32:ui32 u64:ui64 x:f64 f:f32 name:str")]
    [InlineData("parquetjs-gzip-v2", "flag:bool id:si32 u8:ui8 s8:si8 u32:ui32 u64:ui64 x:f64 f:f32 name:str")]
    [InlineData("arrow-snappy", "flag:bool s8:si8 u8:ui8 s16:si32 s32:si32 u32:ui32 s64:si64 u64:ui64 f32:f32 f64:f64 name:str")]
    [InlineData("arrow-plain", "flag:bool s8:si8 u8:ui8 s16:si32 s32:si32 u32:ui32 s64:si64 u64:ui64 f32:f32 f64:f64 name:str")]
    [InlineData("arrow-v2-dictionary", "flag:bool s8:si8 u8:ui8 s16:si32 s32:si32 u32:ui32 s64:si64 u64:ui64 f32:f32 f64:f64 name:str")]
    public void Files_of_others_are_read(string name, string schema)
    {
        foreach (int threads in new[] { 1, 3 })
        {
            var frame = FrameFiles.Read(Golden(name), threads);
            Assert.Equal(schema, string.Join(' ', frame.Labels.Select((label, j) => $"{label}:{frame.ValueType(j).DslName()}")));
            Assert.Equal(GoldenRows, frame.Rows);
            for (int j = 0; j < frame.Cols; j++)
            {
                string[] cells = Printer.ToText(Datum.Of(frame[j])).TrimEnd('\n').Split('\n')[1..];
                for (int i = 0; i < GoldenRows; i++) Assert.Equal(Expected(name, frame.Labels[j], i), cells.ElementAtOrDefault(i) ?? "");
            }
            frame.Release();
        }
    }

    // What make.mjs put into row i, as it is printed.
    static string Expected(string file, string column, int i)
    {
        bool isArrow = file.StartsWith("arrow", StringComparison.Ordinal);
        string text = ((string[])["alpha", "béta", "", "delta"])[i % 4];
        return column switch
        {
            "flag" => i % 3 == 0 ? "1" : "0",
            "id" or "s32" => Number(i - 500),
            "big" => Number(i * 10_000_000_000),
            "s8" => Number((i % 256) - 128),
            "u8" => Number(i % 256),
            "s16" => Number(i),
            "u32" => Number((isArrow ? 3_000_000_000 : 2_000_000_000) + i),
            "u64" => isArrow ? (ulong.MaxValue - (ulong)i).ToString(CultureInfo.InvariantCulture) : Number(9007199254740992 + (i * 2)),
            "s64" => Number(-i),
            "x" => (i / 8.0).ToString(CultureInfo.InvariantCulture),
            "y" or "f" => i % 7 == 0 ? "nan" : (i / 4.0).ToString(CultureInfo.InvariantCulture),
            "f32" => (i / 4.0).ToString(CultureInfo.InvariantCulture),
            "f64" => i % 7 == 0 ? "nan" : (i / 8.0).ToString(CultureInfo.InvariantCulture),
            "name" => isArrow && i % 5 == 0 ? "" : text,
            _ => throw new ArgumentOutOfRangeException(nameof(column), column, null),
        };
    }

    static string Number(long n) => n.ToString(CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("arrow-zstd", "compression ZSTD cannot be read")]
    [InlineData("arrow-v2-delta", "encoding DELTA_")]
    public void What_is_not_known_here_is_told(string name, string message) =>
        Assert.Contains(message, Assert.Throws<RaisedException>(() => FrameFiles.Read(Golden(name), threads: 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void No_metadata_is_needed_and_columns_of_a_matrix_have_names()
    {
        MatrixFiles.Write(DenseMatrix<long>.Copy([1, 2, 3, 4, 5, 6], 3, 2), folder["m.parquet"]);
        File.Delete(folder["m.parquet.meta"]);
        Assert.Equal("DenseMatrix(3x2, int64_t)\n1 2\n3 4\n5 6\n", Printer.ToText(Datum.Of(MatrixFiles.Read(folder["m.parquet"]))));
        Assert.Equal("Frame(3x2, [col_0:int64_t, col_1:int64_t])\n1 2\n3 4\n5 6\n", Printer.ToText(Datum.Of(FrameFiles.Read(folder["m.parquet"]))));
    }

    [Fact]
    public void Metadata_gives_columns_other_labels_and_types()
    {
        FrameFiles.Write(new Frame(2, [DenseMatrix<int>.Copy([1, 300], 2, 1), DenseMatrix<double>.Copy([0.5, 2.75], 2, 1)], ["a", "b"]), folder["f.parquet"]);
        Assert.Equal("DenseMatrix(2x2, double)\n1 0.5\n300 2.75\n", Printer.ToText(Datum.Of(MatrixFiles.Read(folder["f.parquet"]))));
        Meta("f64", "si8");
        Assert.Equal("Frame(2x2, [x:double, y:int8_t])\n1 0\n300 2\n", Printer.ToText(Datum.Of(FrameFiles.Read(folder["f.parquet"]))));
        Meta("str", "str");
        Assert.Equal("Frame(2x2, [x:std::string, y:std::string])\n1 0.5\n300 2.75\n", Printer.ToText(Datum.Of(FrameFiles.Read(folder["f.parquet"]))));
        Meta("ui8", "f64");
        Assert.EndsWith("a value of column 'a' in row 1 is no ui8", Assert.Throws<RaisedException>(() => FrameFiles.Read(folder["f.parquet"])).Message, StringComparison.Ordinal);

        void Meta(string x, string y) => File.WriteAllText(folder["f.parquet.meta"],
            $$"""{"numRows": 2, "numCols": 2, "schema": [{"label": "x", "valueType": "{{x}}"}, {"label": "y", "valueType": "{{y}}"}]}""");
    }

    [Fact]
    public void Missing_values_are_refused_where_nothing_can_stand_for_them()
    {
        File.Copy(Golden("hyparquet-snappy"), folder["h.parquet"]);
        string schema = string.Join(", ", new[] { "bool", "si32", "si64", "f64", "si64", "str" }.Select((type, i) => $$"""{"label": "c{{i}}", "valueType": "{{type}}"}"""));
        File.WriteAllText(folder["h.parquet.meta"], $$"""{"numRows": {{GoldenRows}}, "numCols": 6, "schema": [{{schema}}]}""");
        Assert.Equal($"'{folder["h.parquet"]}': column 'y' has no value in row 0", Assert.Throws<RaisedException>(() => FrameFiles.Read(folder["h.parquet"], threads: 1)).Message);
    }

    [Fact]
    public void Strings_that_repeat_and_equal_numbers_take_little_room()
    {
        const int rows = 50_000;
        var names = StringMatrix.Allocate(rows, 1, out var cells);
        for (int i = 0; i < rows; i++) cells[i] = i % 1000 < 500 ? "a rather long name" : $"name {i % 7}";
        var numbers = DenseMatrix<double>.Allocate(rows, 1, zeroed: true);
        var frame = new Frame(rows, [names, numbers], ["name", "zero"]);
        FrameFiles.Write(frame, folder["f.parquet"]);
        Assert.InRange(new FileInfo(folder["f.parquet"]).Length, 1, 60_000);
        Assert.Null(RandomFrames.Difference(frame, FrameFiles.Read(folder["f.parquet"])));
    }

    [Fact]
    public void Several_row_groups_are_written_and_read()
    {
        const int rows = (1 << 20) + 17;
        var matrix = DenseMatrix<int>.Allocate(rows, 2);
        for (int i = 0; i < rows * 2; i++) matrix.WritableSpan(i, 1)[0] = i * 7919;
        MatrixFiles.Write(matrix, folder["m.parquet"], threads: 3);
        var back = MatrixFiles.Read(folder["m.parquet"], threads: 3);
        Assert.Null(RandomFrames.Difference(matrix, back));
        matrix.Release();
        back.Release();
    }

    [Fact]
    public void Snappy_gives_back_what_it_took()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = new byte[random.Next(seed % 10 == 0 ? 200_000 : 300)];
            for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(i > 8 && random.Next(seed % 7 + 1) > 0 ? bytes[i - random.Next(1, 8)] : random.Next(256));
            byte[] packed = new byte[Snappy.MostCompressed(bytes.Length)], back = new byte[bytes.Length];
            int length = Snappy.Compress(bytes, packed);
            Assert.True(Snappy.TryDecompress(packed.AsSpan(0, length), back) && back.AsSpan().SequenceEqual(bytes), $"seed {seed}");
            Assert.False(Snappy.TryDecompress(packed.AsSpan(0, length), new byte[bytes.Length + 1]), $"seed {seed}");
        }
    }

    [Fact]
    public void Runs_give_back_what_they_took()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            int width = random.Next(1, 31), different = random.Next(1, 5);
            int[] values = new int[random.Next(1, 2000)], back = new int[values.Length];
            for (int i = 0; i < values.Length; i++) values[i] = i > 0 && random.Next(different) > 0 ? values[i - 1] : random.Next() & (int)((1L << width) - 1);
            var bytes = new System.Buffers.ArrayBufferWriter<byte>();
            RleEncoder.Write(values, width, bytes);
            var decoder = new RleDecoder(bytes.WrittenSpan, width);
            for (int at = 0; at < values.Length;)
            {
                int part = Math.Min(random.Next(1, 100), values.Length - at);
                Assert.True(decoder.TryRead(back.AsSpan(at, part)), $"seed {seed}");
                at += part;
            }
            Assert.Equal(values, back);
        }
    }

    [Fact]
    public void Files_that_are_none_are_told()
    {
        Assert.EndsWith("it is too short", Message("PAR1"u8), StringComparison.Ordinal);
        Assert.EndsWith("it does not end in PAR1", Message("PAR1PAR1PAR2"u8), StringComparison.Ordinal);
        Assert.EndsWith("its footer is longer than the file", Message("PAR1\x09\0\0\0PAR1"u8), StringComparison.Ordinal);
        Assert.EndsWith("its footer has no schema or no number of rows", Message("PAR1\0\x01\0\0\0PAR1"u8), StringComparison.Ordinal);

        string Message(ReadOnlySpan<byte> bytes)
        {
            File.WriteAllBytes(folder["x.parquet"], bytes.ToArray());
            return Assert.Throws<RaisedException>(() => FrameFiles.Read(folder["x.parquet"])).Message;
        }
    }

    static string Golden(string name) => Path.Combine(Repository.Golden("parquet"), name + ".parquet");
}
