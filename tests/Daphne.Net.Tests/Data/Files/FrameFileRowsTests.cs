using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Data.Files;

/// <summary>Ranges of rows of a frame, wherever a file is cut, are together what reading all of it gives.</summary>
public sealed class FrameFileRowsTests : IDisposable
{
    readonly TemporaryFolder folder = TemporaryFolder.InMemory();

    public void Dispose() => folder.Dispose();

    [Theory, InlineData(".csv"), InlineData(".dbdf")]
    public void Ranges_are_together_the_whole(string extension)
    {
        const int seed = 411;
        var random = new Random(seed);
        for (int round = 0; round < 60; round++)
        {
            string path = folder["f" + extension];
            FrameFiles.Write(RandomFrames.Make(random, random.Next(1, 50), random.Next(1, 6)), path);
            Assert.True(Together(path, random) is null, $"seed {seed}, round {round}: {Together(path, new(seed))}");
        }
    }

    [Theory, InlineData(".csv"), InlineData(".dbdf"), InlineData(".mtx")]
    public void A_matrix_in_a_file_is_read_as_a_frame(string extension)
    {
        const int seed = 412;
        var random = new Random(seed);
        for (int round = 0; round < 20; round++)
        {
            string path = folder["m" + extension];
            MatrixFiles.Write(RandomFrames.Matrix(round % 2 == 0 ? ValueTypeCode.F64 : ValueTypeCode.SI64, random.Next(1, 50), random.Next(1, 6), random), path);
            Assert.True(Together(path, random) is null, $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void What_is_no_range_and_no_frame_is_refused()
    {
        string path = folder.Write("f.csv", "1,a\n2,b\n", """{"numRows": 2, "numCols": 2, "schema": [{"label": "n", "valueType": "si64"}, {"label": "s", "valueType": "str"}]}""");
        using var file = File.OpenHandle(path);
        var meta = FileMetaData.For(path);
        foreach (var rows in new FileRows[] { new(1, 2), new(-1, 1), new(0, -1), new(long.MaxValue, long.MaxValue) })
            Assert.Throws<ArgumentException>(() => FrameFileRows.Read(file, path, meta, rows));
        Assert.Throws<ArgumentException>(() => FrameFileRows.Read(file, path, meta with { Schema = default, ValueType = ValueTypeCode.F64 }, new(0, 1)));
        Assert.Throws<ArgumentException>(() => FrameFileRows.Read(file, "f.parquet", meta, new(0, 1)));
        var none = FrameFileRows.Read(file, path, meta, new(1, 0));
        Assert.Equal((0, 2), (none.Rows, none.Cols));
    }

    // Null where reading in ranges gives the same frame.
    static string? Together(string path, Random random)
    {
        var whole = FrameFiles.Read(path);
        var meta = FileMetaData.For(path).AsFrame(path);
        List<CsvMark> marks = [default];
        using var file = File.OpenHandle(path);
        if (MatrixFileRows.HasMarks(path))
            for (long at = 0, length = RandomAccess.GetLength(file), piece; at < length; at += piece)
            {
                piece = Math.Min(length - at, random.Next(3, 40));
                marks.Add(marks[^1].After(CsvStretch.Of(file, path, at, piece), piece));
            }
        long[] cuts = [0, .. Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next((int)meta.Rows + 1)).Order(), meta.Rows];
        foreach (var (first, end) in cuts.Zip(cuts.Skip(1)))
        {
            var mark = CsvMark.Before(marks, first);
            if (RandomFrames.Difference(whole.RowRange(first, end - first), FrameFileRows.Read(file, path, meta, new(first, end - first), mark, random.Next(1, 3))) is { } difference)
                return $"rows {first} to {end}, from {mark}: {difference}";
        }
        return null;
    }
}
