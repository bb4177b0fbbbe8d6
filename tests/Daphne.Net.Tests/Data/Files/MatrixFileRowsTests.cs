using System.Globalization;
using System.Text;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Tests.Distributed;

namespace Daphne.Net.Tests.Data.Files;

/// <summary>Ranges of rows, wherever a file is cut, are together what reading all of it gives: the same bits, or the same complaint.</summary>
public sealed class MatrixFileRowsTests : IDisposable
{
    readonly TemporaryFolder folder = TemporaryFolder.InMemory();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(".csv")]
    [InlineData(".dbdf")]
    [InlineData(".mtx")]
    public void Ranges_are_together_the_whole(string extension)
    {
        int seed = 20260 + extension.Length;
        var random = new Random(seed);
        foreach (var type in ValueTypes.All.Where(t => t != ValueTypeCode.Size && (t != ValueTypeCode.Str || extension != ".mtx")))
            for (int round = 0; round < 8; round++)
            {
                string path = folder["m" + extension];
                MatrixFiles.Write(RandomFrames.Matrix(type, random.Next(1, 60), random.Next(1, 6), random), path);
                if (extension == ".csv") File.WriteAllText(path, Rewritten(File.ReadAllText(path), type, random));
                var whole = MatrixFiles.Read(path);
                Assert.True(Together(path, whole, random, false) is null, $"seed {seed}, {type}, round {round}: {Together(path, whole, new(seed), false)}");
            }
    }

    [Fact]
    public void Sparse_matrices_in_files_are_read_by_ranges()
    {
        const int seed = 77;
        var random = new Random(seed);
        for (int round = 0; round < 20; round++)
        {
            int rows = random.Next(1, 40), cols = random.Next(1, 9);
            var dense = DenseMatrix<double>.Copy([.. Enumerable.Range(0, rows * cols).Select(_ => random.Next(4) == 0 ? random.NextDouble() : 0.0)], rows, cols);
            var sparse = Compress(dense);
            MatrixFiles.Write(sparse, folder["s.mtx"]);
            MatrixFiles.Write(sparse, folder["s.dbdf"]);
            foreach (bool asSparse in new[] { false, true })
                Assert.True(Together(folder["s.mtx"], asSparse ? sparse : dense, random, asSparse) is null, $"seed {seed}, round {round}");
            Assert.True(Together(folder["s.dbdf"], dense, random, false) is null, $"seed {seed}, round {round}");
        }
    }

    [Theory]
    [InlineData("%%MatrixMarket matrix coordinate real symmetric\n% c\n3 3 4\n1 1 5\n3 1 7\n3 2 8\n3 2 9\n")]
    [InlineData("%%MatrixMarket matrix array real skew-symmetric\n3 3\n1\n2\n3\n")]
    [InlineData("%%MatrixMarket matrix coordinate pattern general\r\n3 3 2\r\n1 3\r\n2 2")]
    public void Matrix_Market_files_of_every_symmetry(string text)
    {
        string path = folder.Write("k.mtx", text, """{"numRows": 3, "numCols": 3, "valueType": "f64"}""");
        for (int seed = 0; seed < 5; seed++)
        {
            Assert.Null(Together(path, MatrixFiles.Read(path), new(seed), false));
            Assert.Null(Together(path, MatrixFiles.ReadSparse(path), new(seed), true));
        }
    }

    [Fact]
    public void Of_text_that_is_wrong_the_first_range_says_what_the_whole_says()
    {
        const int seed = 6;
        var random = new Random(seed);
        string alphabet = "0123456789.,,,,,\n\n\n\"\"\"-e\r\tü";
        int wrong = 0, right = 0;
        for (int i = 0; i < 4000; i++)
        {
            string text = (random.Next(8) == 0 ? "\uFEFF" : "") + string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => alphabet[random.Next(alphabet.Length)]));
            var type = random.Next(3) switch { 0 => ValueTypeCode.F64, 1 => ValueTypeCode.SI32, _ => ValueTypeCode.Str };
            var meta = new FileMetaData(random.Next(6), random.Next(1, 3)) { ValueType = type };
            string path = folder.Write("w.csv", text);
            string whole = Outcome(() => CsvReader.Read(path, meta, 1, 1 << 20));
            var marks = Marks(path, random);
            int[] cuts = Cuts(meta.Rows, random);
            var parts = cuts.Zip(cuts.Skip(1)).Select(c => Outcome(() => Read(path, meta, new(c.First, c.Second - c.First), marks, random))).ToList();
            string together = parts.Find(p => p.StartsWith('!')) ?? string.Concat(parts);
            Assert.True(whole == together, $"seed {seed}, {i}: {text} as {meta}: whole {whole}, ranges {string.Join('|', parts)}");
            _ = whole.StartsWith('!') ? wrong++ : right++;
        }
        Assert.True(wrong > 500 && right > 500, $"{wrong} wrong, {right} right");   // both happen

        string Outcome(Func<Matrix> read)
        {
            try
            {
                return string.Join('\n', Printer.ToText(Datum.Of(read())).Split('\n')[1..]);
            }
            catch (RaisedException e)
            {
                return "!" + e.Message;
            }
        }
    }

    [Fact]
    public void Stretches_of_any_bytes_put_together_are_one_stretch()
    {
        const int seed = 8;
        var random = new Random(seed);
        for (int i = 0; i < 300; i++)
        {
            byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(5000)).Select(_ => "ab,\n\"\"\r"[random.Next(i % 3 == 0 ? 4 : 7)])));
            for (byte state = 0; state < CsvStretch.States; state++)
            {
                byte at = state;
                long missing = long.MaxValue;
                CsvStretch.Pass(text, ref at, ref missing);
                var stretch = CsvStretch.Of(text);
                Assert.Equal((at, long.MaxValue - missing), (stretch.EndFrom(state), stretch.RowsFrom(state)));
            }
        }
    }

    [Fact]
    public void A_file_longer_than_every_buffer()
    {
        const int rows = 160_000;
        var text = new StringBuilder();
        for (int r = 0; r < rows; r++) text.Append(CultureInfo.InvariantCulture, $"{r},{r % 7}.5,\"{(r % 3 == 0 ? "x\ny" : "")},\"\"\"\n");
        string path = folder.Write("long.csv", text.ToString(), $$"""{"numRows": {{rows}}, "numCols": 2, "valueType": "f64"}""");
        Assert.True(new FileInfo(path).Length > 2 << 20);
        Assert.Null(Together(path, MatrixFiles.Read(path), new(3), false, pieces: 1 << 18));
    }

    [Fact]
    public void Rows_behind_the_end_and_files_without_rows_are_refused()
    {
        string path = folder.Write("m.csv", "1\n2\n", """{"numRows": 2, "numCols": 1, "valueType": "f64"}""");
        using var file = File.OpenHandle(path);
        var meta = FileMetaData.For(path);
        foreach (var rows in new FileRows[] { new(1, 2), new(-1, 1), new(0, -1), new(long.MaxValue, long.MaxValue) })
            Assert.Throws<ArgumentException>(() => MatrixFileRows.Read(file, path, meta, rows));
        Assert.Equal(0, MatrixFileRows.Read(file, path, meta, new(1, 0)).Rows);
        Assert.False(MatrixFileRows.CanRead("x.parquet", meta));
    }

    // Null where reading in ranges gives the same matrix.
    static string? Together(string path, Matrix whole, Random random, bool sparse, int pieces = 0)
    {
        var meta = FileMetaData.For(path);
        var marks = MatrixFileRows.HasMarks(path) ? Marks(path, random, pieces) : [];
        int[] cuts = Cuts(meta.Rows, random);
        foreach (var (first, end) in cuts.Zip(cuts.Skip(1)))
        {
            using var file = File.OpenHandle(path);
            var mark = CsvMark.Before(marks, first);
            var part = MatrixFileRows.Read(file, path, meta, new(first, end - first), mark, sparse, random.Next(1, 3));
            if (!TestValues.Bytes(Datum.Of(part)).AsSpan().SequenceEqual(TestValues.Bytes(Datum.Of(MatrixRows.Range(whole, first, end - first))))) return $"rows {first} to {end} differ, from {mark}";
        }
        return null;
    }

    static Matrix Read(string path, FileMetaData meta, FileRows rows, IReadOnlyList<CsvMark> marks, Random random)
    {
        using var file = File.OpenHandle(path);
        return CsvReader.ReadRows(file, path, meta, rows, CsvMark.Before(marks, rows.First), random.Next(1, 3), random.Next(2) == 0 ? 1 << 20 : random.Next(1, 12));
    }

    // As several processes find them: each stretch looked at alone.
    static List<CsvMark> Marks(string path, Random random, int pieces = 0)
    {
        using var file = File.OpenHandle(path);
        long length = RandomAccess.GetLength(file);
        List<CsvMark> marks = [default];
        // The byte order mark is of the first stretch.
        for (long at = 0, piece; at < length; at += piece)
        {
            piece = Math.Min(length - at, pieces > 0 ? pieces : random.Next(3, 40));
            marks.Add(marks[^1].After(CsvStretch.Of(file, path, at, piece), piece));
        }
        return marks;
    }

    static int[] Cuts(long rows, Random random) => [0, .. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next((int)rows + 1)).Order(), (int)rows];

    // The same cells in other words: line ends, quotes around numbers, fields that are skipped, no line end at the end.
    static string Rewritten(string text, ValueTypeCode type, Random random)
    {
        if (type != ValueTypeCode.Str)
            text = string.Join('\n', text.Split('\n').Select(row => row.Length == 0 ? row : random.Next(4) switch
            {
                0 => row + ",\"more\n\"\"than, this\"",
                1 => row.Replace(",", " ,\t", StringComparison.Ordinal) + "\r",
                2 => "\"" + row.Replace(",", "\",\"", StringComparison.Ordinal) + "\"",
                _ => row,
            }));
        if (random.Next(2) == 0 && !text.EndsWith("\n\n", StringComparison.Ordinal) && type != ValueTypeCode.Str) text = text.TrimEnd('\n');
        return random.Next(4) == 0 ? "\uFEFF" + text : text;
    }

    static Matrix Compress(DenseMatrix<double> dense)
    {
        var builder = new CsrBuilder<double>(dense.Rows, dense.Cols);
        for (long r = 0; r < dense.Rows; r++)
            for (long c = 0; c < dense.Cols; c++)
                if (dense[r, c] != 0) builder.Put(r, c, dense[r, c]);
        return builder.Build();
    }
}
