using System.Buffers;
using System.Buffers.Binary;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Data.Serialization;

/// <summary>Laws of the wire for what is not a dense matrix of numbers.</summary>
public sealed class AllValuesTests
{
    static Datum Any(Random random, int kind) => kind switch
    {
        0 => Datum.Of(Text(random)),
        1 => Datum.Of(Strings(random, random.Next(6), random.Next(4))),
        2 => Datum.Of(AnyFrame(random)),
        3 => Datum.Of(List(random)),
        _ => Datum.Of(Sparse(random, Numeric(random), random.Next(7), random.Next(5))),
    };

    static ValueTypeCode Numeric(Random random)
    {
        ValueTypeCode[] types = [.. ValueTypes.All.Where(t => t is not (ValueTypeCode.Str or ValueTypeCode.Size))];
        return types[random.Next(types.Length)];
    }

    static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(10) == 0 ? 300 : random.Next(5)).Select(_ => random.Next(4) switch { 0 => "ü", 1 => "𝄞", 2 => "\0", _ => "a" }));

    static StringMatrix Strings(Random random, int rows, int cols) => new([.. Enumerable.Range(0, rows * cols).Select(_ => Text(random))], rows, cols);

    static Matrix Sparse(Random random, ValueTypeCode type, int rows, int cols)
    {
        var dense = TestCells(random, type, rows, cols);
        var sparse = DenseMatrix.Dispatch<Pack, Matrix>(dense, new(random));
        dense.Release();
        return sparse;
    }

    static Matrix TestCells(Random random, ValueTypeCode type, int rows, int cols) => (Matrix)Distributed.TestValues.Matrix(type, rows, cols, random.Next()).Object;

    static Frame AnyFrame(Random random)
    {
        int rows = random.Next(5), cols = random.Next(4);
        return new(rows, [.. Enumerable.Range(0, cols).Select(_ => random.Next(3) == 0 ? Strings(random, rows, 1) : TestCells(random, Numeric(random), rows, 1))],
            [.. Enumerable.Range(0, cols).Select(c => $"{c}{Text(random)}")]);
    }

    static ObjectList List(Random random)
    {
        var type = Numeric(random);
        return new(type, [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(2) == 0 ? TestCells(random, type, random.Next(4), random.Next(4)) : Sparse(random, type, random.Next(4), random.Next(4)))]);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Every_value_survives_any_cut(int kind)
    {
        const int seed = 77;
        var random = new Random(seed + kind);
        for (int round = 0; round < 60; round++)
        {
            var value = Any(random, kind);
            byte[] bytes = ValueWriter.Bytes(value).ToArray();
            int longest = random.Next(1, 40);
            using var reader = new ValueReader();
            for (int at = 0; at < bytes.Length;)
            {
                int take = Math.Min(bytes.Length - at, random.Next(0, longest + 1));
                if (random.Next(2) == 0 && reader.Rest() is { Length: > 0 } rest)
                {
                    take = Math.Min(take, rest.Length);
                    bytes.AsSpan(at, take).CopyTo(rest.Span);
                    reader.Advance(take);
                }
                else reader.Feed(bytes.AsSpan(at, take));
                at += take;
                Assert.Equal(at == bytes.Length, reader.IsComplete);
            }
            var back = reader.Finish();
            Assert.True(bytes.AsSpan().SequenceEqual(ValueWriter.Bytes(back).ToArray()), $"seed {seed}, kind {kind}, round {round}");
            Assert.Equal(ValueSize.Of(value), ValueSize.Of(back));
            Assert.Equal(ValueSize.Of(value), reader.Bytes);
            Assert.Equal(bytes, ValueWriter.Messages(value, longest).SelectMany(m => m.ToArray()));
            Assert.Equal(value.IsScalar ? value.Text : Printer.ToText(value), back.IsScalar ? back.Text : Printer.ToText(back));
            Distributed.TestValues.Release(value);
            Distributed.TestValues.Release(back);
        }
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Shortened_and_changed_bytes_are_refused_or_another_value_within_the_memory_allowed(int kind)
    {
        const int seed = 13;
        var random = new Random(seed + kind);
        for (int round = 0; round < 40; round++)
        {
            var value = Any(random, kind);
            byte[] bytes = ValueWriter.Bytes(value).ToArray();
            for (int length = 0; length < bytes.Length; length += 1 + bytes.Length / 50)
                Assert.Throws<RaisedException>(() => ValueReader.Read(new(bytes, 0, length)));
            Assert.Throws<RaisedException>(() => ValueReader.Read(new([.. bytes, 0])));
            if (ValueSize.Of(value) is > 0 and var size) Assert.Throws<RaisedException>(() => ValueReader.Read(new(bytes), mostBytes: size - 1));
            Distributed.TestValues.Release(value);
            for (int change = 0; change < 50; change++)
            {
                byte[] changed = [.. bytes];
                for (int n = random.Next(1, 4); n > 0; n--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
                try
                {
                    Distributed.TestValues.Release(ValueReader.Read(new(changed), mostBytes: 1 << 16));
                }
                catch (RaisedException)
                {
                    // The promised end.
                }
            }
        }
    }

    [Fact]
    public void Rows_of_a_sparse_matrix_begin_at_zero_on_the_wire()
    {
        var matrix = CsrMatrix<long>.Copy([0, 2, 3, 5], [0, 3, 1, 0, 2], [1, 2, 3, 4, 5], 3, 4);
        var range = matrix.RowRange(1, 2);
        var back = (CsrMatrix<long>)ValueReader.Read(ValueWriter.Bytes(Datum.Of(range))).Object;
        Assert.Equal("CSRMatrix(2x4, int64_t)\n0 3 0 0\n4 0 5 0\n", Printer.ToText(Datum.Of(back)));
        foreach (var each in (Matrix[])[matrix, range, back]) each.Release();
    }

    [Fact]
    public void Malformed_sparse_matrices_are_refused()
    {
        byte[] good = ValueWriter.Bytes(Datum.Of(CsrMatrix<int>.Copy([0, 2, 3], [0, 3, 1], [1, 2, 3], 2, 4))).ToArray();
        Refused(Patched(good, 45, ulong.MaxValue), "18446744073709551615 stored cells in a 2x4 matrix");
        Refused(Patched(good, 61, 4), "its row offsets do not rise to 3 at row 1");
        Refused(Patched(good, 69, 2), "its rows have 2 of 3 stored cells");
        Refused(Patched(good, 77, 4), "a cell in column 4 of 4");
        Refused(Patched(good, 77, 3), "the columns of row 0 do not ascend");
        // A view of the original counts from where it lies in the whole.
        byte[] view = Patched(Patched(Patched(good, 53, 10), 61, 12), 69, 13);
        Assert.Equal(good, ValueWriter.Bytes(ValueReader.Read(new(view))).ToArray());
    }

    [Fact]
    public void Malformed_strings_and_frames_are_refused()
    {
        byte[] text = ValueWriter.Bytes(Datum.Of("ab")).ToArray();
        text[^1] = 0xC3;
        Refused(text, "a string is no UTF-8");
        byte[] frame = ValueWriter.Bytes(Datum.Of(new Frame(2, [DenseMatrix<int>.Copy([1, 2], 2, 1)], ["a"]))).ToArray();
        frame[2] = 3;
        Refused(frame, "its part 0 is no dense column of 3 rows");
        byte[] list = ValueWriter.Bytes(Datum.Of(new ObjectList(ValueTypeCode.SI32, [DenseMatrix<int>.Copy([1], 1, 1)]))).ToArray();
        list[18] = 7;
        Refused(list, "its element 0 has another value type");
    }

    [Fact]
    public void The_original_knows_numbers_dense_and_sparse()
    {
        Assert.True(WireFormat.IsOriginal(Datum.Of(CsrMatrix<int>.Copy([0], [], [], 0, 0))));
        Assert.False(WireFormat.IsOriginal(Datum.Of(new StringMatrix([""], 1, 1))));
        Assert.False(WireFormat.IsOriginal(Datum.Of(true)));
        Assert.False(WireFormat.IsOriginal(Datum.Of(new Frame(0, [], []))));
    }

    static void Refused(byte[] bytes, string why) => Assert.Equal("the bytes of the value are malformed: " + why, Assert.Throws<RaisedException>(() => ValueReader.Read(new(bytes))).Message);

    static byte[] Patched(byte[] bytes, int at, ulong value)
    {
        byte[] copy = [.. bytes];
        BinaryPrimitives.WriteUInt64LittleEndian(copy.AsSpan(at), value);
        return copy;
    }

    readonly struct Pack(Random random) : IMatrixVisitor<Matrix>
    {
        public Matrix Visit<T>(DenseMatrix<T> matrix) where T : unmanaged
        {
            List<long> offsets = [0];
            List<int> columns = [];
            List<T> values = [];
            for (long r = 0; r < matrix.Rows; r++)
            {
                for (int c = 0; c < matrix.Cols; c++)
                {
                    if (random.Next(3) > 0) continue;
                    columns.Add(c);
                    values.Add(matrix[r, c]);
                }
                offsets.Add(columns.Count);
            }
            return CsrMatrix<T>.Copy([.. offsets], [.. columns], [.. values], matrix.Rows, matrix.Cols);
        }
    }
}
