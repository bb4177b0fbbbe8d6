using System.Text;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Data.Printing;

public sealed class PrinterTests
{
    [Fact]
    public void A_matrix_prints_its_header_and_rows()
    {
        using var ints = new Owned(DenseMatrix<long>.Copy([1, -2, 3, 4, 5, 6], 2, 3));
        Assert.Equal("DenseMatrix(2x3, int64_t)\n1 -2 3\n4 5 6\n", Printer.ToText(ints.Datum));
        using var doubles = new Owned(DenseMatrix<double>.Copy([0.5, double.NaN], 2, 1));
        Assert.Equal("DenseMatrix(2x1, double)\n0.5\nnan\n", Printer.ToText(doubles.Datum));
        using var flags = new Owned(DenseMatrix<bool>.Copy([true, false], 1, 2));
        Assert.Equal("DenseMatrix(1x2, bool)\n1 0\n", Printer.ToText(flags.Datum));
    }

    [Fact]
    public void A_matrix_without_rows_is_a_header_and_one_without_columns_has_empty_lines()
    {
        Assert.Equal("DenseMatrix(0x3, double)\n", Printer.ToText(Datum.Of(DenseMatrix<double>.Allocate(0, 3))));
        Assert.Equal("DenseMatrix(2x0, float)\n\n\n", Printer.ToText(Datum.Of(DenseMatrix<float>.Allocate(2, 0))));
        Assert.Equal("DenseMatrix(2x0, std::string)\n\n\n", Printer.ToText(Datum.Of(new StringMatrix([], 2, 0))));
    }

    [Fact]
    public void Strings_print_raw()
    {
        Assert.Equal("DenseMatrix(1x3, std::string)\na \"b\"  ü\nc\n", Printer.ToText(Datum.Of(new StringMatrix(["a", "\"b\" ", "ü\nc"], 1, 3))));
        Assert.Equal("a\nb", Printer.ToText(Datum.Of("a\nb")));
        Assert.Equal("a", Printer.Concatenated(Datum.Of("a")));
    }

    [Fact]
    public void TypeOf_says_the_name_or_the_header()
    {
        Assert.Equal("double", Printer.TypeOf(Datum.Of(1.0)));
        Assert.Equal("const char*", Printer.TypeOf(Datum.Of("x")));
        Assert.Equal("uint64_t", Printer.TypeOf(Datum.OfBits(ValueTypeCode.Size, 1)));
        Assert.Equal("DenseMatrix(1x1, uint8_t)", Printer.TypeOf(Datum.Of(DenseMatrix<byte>.Allocate(1, 1))));
    }

    [Fact]
    public void A_writer_gets_the_same_text_in_pieces()
    {
        const int rows = 700, cols = 31;
        double[] cells = new double[rows * cols];
        var random = new Random(7);
        for (int i = 0; i < cells.Length; i++) cells[i] = i % 5 == 0 ? i : random.NextDouble() * Math.Pow(10, random.Next(-8, 9));
        using var matrix = new Owned(DenseMatrix<double>.Copy(cells, rows, cols));

        var expected = new StringBuilder($"DenseMatrix({rows}x{cols}, double)\n");
        for (int r = 0; r < rows; r++)
            expected.Append(string.Join(' ', cells[(r * cols)..((r + 1) * cols)].Select(c => Printer.ToText(Datum.Of(c))))).Append('\n');
        var writer = new StringWriter();
        Printer.Print(matrix.Datum, writer);
        Assert.Equal(expected.ToString(), writer.ToString());
    }

    [Fact]
    public void A_character_cut_by_a_buffer_border_arrives_whole()
    {
        string[] cells = [.. Enumerable.Range(0, 5000).Select(i => new string('x', i % 3) + "ü€😀")];
        var writer = new StringWriter();
        Printer.Print(Datum.Of(new StringMatrix(cells, 5000, 1)), writer);
        Assert.Equal("DenseMatrix(5000x1, std::string)\n" + string.Concat(cells.Select(c => c + "\n")), writer.ToString());
    }

    sealed class Owned(DataObject value) : IDisposable
    {
        public Datum Datum => Datum.Of(value);

        public void Dispose() => value.Release();
    }
}
