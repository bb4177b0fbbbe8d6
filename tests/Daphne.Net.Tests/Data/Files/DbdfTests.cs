using System.Buffers.Binary;
using System.Text;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Data.Files;

/// <summary>Blocks of <c>.dbdf</c> files, put together by hand from the original's page on the format and from what its code writes.</summary>
public sealed class DbdfTests : IDisposable
{
    const byte PageF64 = 10, PageUI8 = 1, PageSI32 = 7, CodeF64 = 7, CodeUI8 = 3;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_kind_of_block_of_the_page_is_read()
    {
        Assert.Equal("0 0 / 0 0", Read(new Bytes().Value(1, 2, 2, PageF64).Block(0, 0, 2, 2, 0), 2, 2));
        Assert.Equal("1 2 / 3 4", Read(new Bytes().Value(1, 2, 2, PageF64).Block(0, 0, 2, 2, 1).Put(PageF64).F64(1, 2, 3, 4), 2, 2));
        // Two rows: one cell in column 1, none.
        Assert.Equal("0 5 / 0 0", Read(new Bytes().Value(2, 2, 2, PageF64).Block(0, 0, 2, 2, 2).Put(PageF64).U64(1).U32(1, 1).F64(5).U32(0), 2, 2));
        Assert.Equal("0 0 / 0 7", Read(new Bytes().Value(2, 2, 2, PageF64).Block(0, 0, 2, 2, 3).Put(PageF64).U32(1).U32(1, 1).F64(7), 2, 2));
        // With one column there are no column indexes.
        Assert.Equal("0 / 9", Read(new Bytes().Value(2, 2, 1, PageF64).Block(0, 0, 2, 1, 3).Put(PageF64).U32(1).U32(1).F64(9), 2, 1));
    }

    [Fact]
    public void Blocks_tile_the_matrix_each_with_its_own_type() =>
        Assert.Equal("1 2 0 / 0 0 -3", Read(new Bytes().Value(1, 2, 3, PageF64)
            .Block(0, 0, 1, 2, 1).Put(PageUI8).Put(1, 2).Block(0, 2, 2, 1, 3).Put(PageSI32).U32(1).U32(1, unchecked((uint)-3)).Block(1, 0, 1, 2, 0), 2, 3));

    [Fact]
    public void Sparse_blocks_as_the_code_writes_them_are_read()
    {
        var bytes = new Bytes().Value(2, 3, 3, CodeF64).Block(0, 0, 3, 3, 2).Put(CodeF64).U64(2).U64(0, 1, 1, 2).U64(2, 0).F64(5, 6);
        Assert.Equal("0 0 5 / 0 0 0 / 6 0 0", Read(bytes, 3, 3));
    }

    [Fact]
    public void The_metadata_decides_what_a_type_code_means()
    {
        // 7 is f64 for the code and si32 on the page.
        Assert.Equal("0.5", Read(new Bytes().Value(1, 1, 1, 7).Block(0, 0, 1, 1, 1).Put(7).F64(0.5), 1, 1));
        Assert.Equal("8", Read(new Bytes().Value(1, 1, 1, 7).Block(0, 0, 1, 1, 1).Put(7).U32(8), 1, 1, "si32"));
        Assert.Contains("holds cells of f64, but its .meta file says cells of ui64", Message(new Bytes().Value(1, 1, 1, 7).Block(0, 0, 1, 1, 1).Put(7).F64(0.5), 1, 1, "ui64"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_has_a_block_for_each_column()
    {
        var frame = new Frame(2, [DenseMatrix<byte>.Copy([1, 255], 2, 1), new StringMatrix(["ü", ""], 2, 1)], ["a", "bc"]);
        FrameFiles.Write(frame, folder["f.dbdf"]);
        byte[] expected = new Bytes().Put(1, 3).U64(2, 2).Put(CodeUI8, 8).Label("a").Label("bc")
            .Block(0, 0, 2, 1, 1).Put(CodeUI8).Put(1, 255).Block(0, 1, 2, 1, 100).Put(8).U32(2).Put(0xC3, 0xBC).U32(0).ToArray();
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(File.ReadAllBytes(folder["f.dbdf"])));
        Assert.Equal("DenseMatrix(2x2, std::string)\n1 ü\n255 \n", Printer.ToText(Datum.Of(MatrixFiles.Read(folder["f.dbdf"]))));
    }

    [Fact]
    public void A_matrix_of_strings_is_written_and_read()
    {
        var matrix = RandomFrames.Matrix(ValueTypeCode.Str, 50, 3, new(1));
        MatrixFiles.Write(matrix, folder["s.dbdf"]);
        Assert.Null(RandomFrames.Difference(matrix, MatrixFiles.Read(folder["s.dbdf"])));
    }

    [Fact]
    public void Files_that_are_wrong_are_told()
    {
        Assert.EndsWith("its format has version 2, known is 1", Message(new Bytes().Put(2, 1).U64(1, 1), 1, 1), StringComparison.Ordinal);
        Assert.EndsWith("there is no data type 9", Message(new Bytes().Put(1, 9).U64(1, 1), 1, 1), StringComparison.Ordinal);
        Assert.EndsWith("holds 3 rows and 1 columns, but its .meta file says 2 and 1", Message(new Bytes().Value(1, 3, 1, CodeF64), 2, 1), StringComparison.Ordinal);
        Assert.EndsWith("its blocks have 0 cells, not 2", Message(new Bytes().Value(1, 2, 1, CodeF64), 2, 1), StringComparison.Ordinal);
        Assert.EndsWith("its block of 2x1 cells at 1, 0 does not lie in the 2x1 cells at 0, 0", Message(new Bytes().Value(1, 2, 1, CodeF64).Block(1, 0, 2, 1, 0), 2, 1), StringComparison.Ordinal);
        Assert.EndsWith("there is no block type 77", Message(new Bytes().Value(1, 1, 1, CodeF64).Block(0, 0, 1, 1, 77), 1, 1), StringComparison.Ordinal);
        Assert.EndsWith("it ends too early", Message(new Bytes().Value(1, 2, 1, CodeF64).Block(0, 0, 2, 1, 1).Put(CodeF64).F64(1), 2, 1), StringComparison.Ordinal);
        Assert.EndsWith("its row offsets do not rise", Message(new Bytes().Value(2, 2, 1, CodeF64).Block(0, 0, 2, 1, 2).Put(CodeF64).U64(1).U64(0, 1, 0).U64(0).F64(1), 2, 1), StringComparison.Ordinal);
        Assert.EndsWith("there is no row or column 5 in a block of 2", Message(new Bytes().Value(1, 2, 1, CodeF64).Block(0, 0, 2, 1, 3).Put(CodeF64).U32(1).U32(5).F64(1), 2, 1), StringComparison.Ordinal);
        Assert.EndsWith("a cell in row 0 is no ui8", Message(new Bytes().Value(1, 1, 1, CodeUI8).Block(0, 0, 1, 1, 1).Put(CodeF64).F64(256), 1, 1, "ui8"), StringComparison.Ordinal);
    }

    string Read(Bytes bytes, int rows, int cols, string type = "f64")
    {
        File.WriteAllBytes(folder["m.dbdf"], bytes.ToArray());
        File.WriteAllText(folder["m.dbdf.meta"], $$"""{"numRows": {{rows}}, "numCols": {{cols}}, "valueType": "{{type}}"}""");
        return string.Join(" / ", Printer.ToText(Datum.Of(MatrixFiles.Read(folder["m.dbdf"]))).TrimEnd('\n').Split('\n')[1..]);
    }

    string Message(Bytes bytes, int rows, int cols, string type = "f64") => Assert.Throws<RaisedException>(() => Read(bytes, rows, cols, type)).Message;

    sealed class Bytes
    {
        readonly MemoryStream stream = new();

        public byte[] ToArray() => stream.ToArray();

        public Bytes Value(byte kind, ulong rows, ulong cols, byte type) => Put(1, kind).U64(rows, cols).Put(type);

        public Bytes Block(ulong row, ulong col, uint rows, uint cols, byte kind) => U64(row, col).U32(rows, cols).Put(kind);

        public Bytes Label(string label) => Put((byte)label.Length, 0).Put(Encoding.UTF8.GetBytes(label));

        public Bytes Put(params byte[] bytes)
        {
            stream.Write(bytes);
            return this;
        }

        public Bytes U32(params uint[] values)
        {
            byte[] bytes = new byte[4];
            foreach (uint value in values)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
                stream.Write(bytes);
            }
            return this;
        }

        public Bytes U64(params ulong[] values)
        {
            byte[] bytes = new byte[8];
            foreach (ulong value in values)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
                stream.Write(bytes);
            }
            return this;
        }

        public Bytes F64(params double[] values) => U64([.. values.Select(BitConverter.DoubleToUInt64Bits)]);
    }
}
