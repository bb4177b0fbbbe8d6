using System.Globalization;
using System.Text;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Data.Files;

public sealed class CsvReadTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("1,-2,3.5\n4e2,0.001,1e-7\n", 2, 3, "f64", "1 -2 3.5 / 400 0.001 1e-07")]
    [InlineData("1,,3\n4,5,\n", 2, 3, "f64", "1 nan 3 / 4 5 nan")]
    [InlineData(" 1, 2.5\n3 ,\t4\n", 2, 2, "f64", "1 2.5 / 3 4")]
    [InlineData("nan,inf,-inf\nNaN,-0.0,1e308\n-nan,INF,infinity\n", 3, 3, "f64", "nan inf -inf / nan -0 1e+308 / nan inf inf")]
    [InlineData("0.1,16777217\n", 1, 2, "f32", "0.1 1.67772e+07")]
    [InlineData("2147483647,-2147483648\n0,-1\n007,42\n", 3, 2, "si64", "2147483647 -2147483648 / 0 -1 / 7 42")]
    [InlineData("9223372036854775807\n", 1, 1, "si64", "9223372036854775807")]
    [InlineData("18446744073709551615\n", 1, 1, "ui64", "18446744073709551615")]
    [InlineData("1.9,-2.9\n", 1, 2, "si64", "1 -2")]
    [InlineData("0,255,17\n", 1, 3, "ui8", "0 255 17")]
    [InlineData("-128,127\n", 1, 2, "si8", "-128 127")]
    [InlineData("1,0\n", 1, 2, "bool", "1 0")]
    [InlineData("1,2\n3,4\n5,6\n", 2, 2, "si64", "1 2 / 3 4")]
    [InlineData("1,2\n3,4", 2, 2, "si64", "1 2 / 3 4")]
    [InlineData("1,2\r\n3,4\r\n", 2, 2, "si64", "1 2 / 3 4")]
    [InlineData("1,2,7,\"a\nb\"\n3,4,5\n", 2, 2, "si64", "1 2 / 3 4")]
    [InlineData("\uFEFF1,2\n", 1, 2, "si64", "1 2")]
    [InlineData("\"1.5\", \" 2 \" \n", 1, 2, "f64", "1.5 2")]
    [InlineData("\n\n1\n", 3, 1, "f64", "nan / nan / 1")]
    [InlineData("", 0, 3, "f64", "")]
    [InlineData("\n\n", 2, 0, "f64", " / ")]
    public void Numbers(string text, int rows, int cols, string type, string cells)
    {
        foreach (int blockBytes in new[] { 1 << 20, 7 }) Assert.Equal(cells, Rows(Read(text, rows, cols, type, 2, blockBytes)));
    }

    [Fact]
    public void A_field_with_control_characters_does_not_reach_the_terminal_as_it_is() =>
        Assert.Contains(@":1:3: '\x1b[2J\x00' is not a number", Assert.Throws<RaisedException>(() => Read("1,\u001b[2J\0\n", 1, 2, "f64", 1, 1 << 20)).At(default).Diagnostics[0].Message);

    [Theory]
    [InlineData("plain,\"quo,ted\",x\n\"say \"\"hi\"\"\",,\"two\nlines\"\nlast,\"line\nbreak\",end\n", 3, 3, "plain|quo,ted|x|say \"hi\"||two\nlines|last|line\nbreak|end")]
    [InlineData(" sp , a \"b\" \n", 1, 2, " sp | a \"b\" ")]
    [InlineData("\"\",\"\"\"\"\n", 1, 2, "|\"")]
    [InlineData("a,b\r\n\"c\",\"d\"\r\n", 2, 2, "a|b|c|d")]
    [InlineData("ü,€,extra\n😀,x", 2, 2, "ü|€|😀|x")]
    [InlineData("a\"\"b,c\nd,e\n", 2, 2, "a\"\"b|c|d|e")]
    public void Strings(string text, int rows, int cols, string cells)
    {
        foreach (int blockBytes in new[] { 1 << 20, 5 })
            Assert.Equal(cells, string.Join('|', ((StringMatrix)Read(text, rows, cols, "str", 2, blockBytes)).Span.ToArray()));
    }

    [Theory]
    [InlineData("1,2\n3,4x\n", "f64", "{0}:2:3: '4x' is not a number of type f64")]
    [InlineData("1,2\r\n3,abc\r\n", "f64", "{0}:2:3: 'abc' is not a number of type f64")]
    [InlineData("1,2\n3,1e\n", "f64", "{0}:2:3: '1e' is not a number of type f64")]
    [InlineData("1,2\n3,\n", "si64", "{0}:2:3: '' is not a number of type si64")]
    [InlineData("1,300\n3,4\n", "ui8", "{0}:1:3: '300' is not a number of type ui8")]
    [InlineData("1,-1\n3,4\n", "ui32", "{0}:1:3: '-1' is not a number of type ui32")]
    [InlineData("9223372036854775808,1\n3,4\n", "si64", "{0}:1:1: '9223372036854775808' is not a number of type si64")]
    [InlineData("\"ü\",1\n3,4\n", "f64", "{0}:1:1: '\"ü\"' is not a number of type f64")]
    [InlineData("1,2\n3\n", "f64", "{0}:2: the row has 1 fields, but the .meta file says 2 columns")]
    [InlineData("1,2\n\n", "str", "{0}:2: the row has 1 fields, but the .meta file says 2 columns")]
    [InlineData("1,2\n", "f64", "'{0}' ends after 1 rows, but its .meta file says 2")]
    [InlineData("", "f64", "'{0}' ends after 0 rows, but its .meta file says 2")]
    [InlineData("1,2\n3,\"4\n5", "str", "{0}:2:3: the quoted field never ends")]
    public void Mistakes_are_told_with_their_place(string text, string type, string message)
    {
        foreach (int blockBytes in new[] { 1 << 20, 3 })
            Assert.Equal(string.Format(CultureInfo.InvariantCulture, message, folder["m.csv"]),
                Assert.Throws<RaisedException>(() => Read(text, 2, 2, type, 2, blockBytes)).Message);
    }

    [Fact]
    public void Of_several_mistakes_the_first_is_told()
    {
        const int rows = 4000;
        var text = new StringBuilder();
        for (int r = 0; r < rows; r++) text.Append(CultureInfo.InvariantCulture, $"{r},{(r > 1234 && r % 2 == 0 ? "bad" : "1")}\n");
        for (int round = 0; round < 20; round++)
            Assert.StartsWith(folder["m.csv"] + ":1237:6: 'bad'", Assert.Throws<RaisedException>(() => Read(text.ToString(), rows, 2, "f64", 4, 200)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Any_blocks_and_threads_read_the_same(int threads)
    {
        const int seed = 9, rows = 900, cols = 7;
        var random = new Random(seed);
        double[] cells = new double[rows * cols];
        var text = new StringBuilder();
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i] = Math.Round(random.NextDouble() * Math.Pow(10, random.Next(-20, 20)), random.Next(16));
            text.Append(CultureInfo.InvariantCulture, $"{(random.Next(9) == 0 ? " " : "")}{cells[i]:R}{(i % cols == cols - 1 ? random.Next(3) == 0 ? "\r\n" : "\n" : ",")}");
        }
        foreach (int blockBytes in new[] { 1, 64, 333, 5000, 1 << 20 })
            Assert.True(cells.AsSpan().SequenceEqual(((DenseMatrix<double>)Read(text.ToString(), rows, cols, "f64", threads, blockBytes)).ToArray()), $"seed {seed}, blocks of {blockBytes}");
    }

    [Fact]
    public void Any_bytes_end_in_a_matrix_or_a_diagnostic()
    {
        const int seed = 6;
        var random = new Random(seed);
        string alphabet = "0123456789.,,,\n\n\"\"-e nai\r\t\0ü";
        for (int i = 0; i < 250; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => alphabet[random.Next(alphabet.Length)]));
            string type = random.Next(3) switch { 0 => "f64", 1 => "si32", _ => "str" };
            string first = Outcome(text, type, 1 << 20), second = Outcome(text, type, random.Next(1, 12));
            Assert.True(first == second, $"seed {seed}: {text} as {type}: {first}, in small blocks {second}");
        }

        string Outcome(string text, string type, int blockBytes)
        {
            try
            {
                return Rows(Read(text, 3, 2, type, 1, blockBytes));
            }
            catch (RaisedException e)
            {
                return e.Message;
            }
        }
    }

    Matrix Read(string text, long rows, long cols, string type, int threads, int blockBytes)
    {
        Assert.True(ValueTypes.TryParseDsl(type, out var code));
        return CsvReader.Read(folder.Write("m.csv", text), new FileMetaData(rows, cols) { ValueType = code }, threads, blockBytes);
    }

    static string Rows(Matrix matrix) => string.Join(" / ", Printer.ToText(Datum.Of(matrix)).TrimEnd('\n').Split('\n')[1..]) is var rows && matrix.Cols == 0 ? " / " : rows;
}
