using System.Buffers;
using System.Buffers.Binary;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Data.Serialization;

public sealed class ValueReaderTests
{
    public static TheoryData<ValueTypeCode> Numeric => [.. ValueTypes.All.Where(t => t.IsNumeric())];

    [Theory, MemberData(nameof(Numeric))]
    public void Every_value_type_survives_any_cut(ValueTypeCode type)
    {
        const int seed = 11;
        var random = new Random(seed);
        foreach (var (rows, cols) in new[] { (1L, 1L), (3, 5), (0, 4), (4, 0), (17, 9) })
        {
            var matrix = DenseMatrix.Dispatch<RandomCells, Matrix>(type, new(rows, cols, random));
            byte[] bytes = ValueWriter.Bytes(Datum.Of(matrix)).ToArray();
            for (int round = 0; round < 10; round++)
            {
                using var reader = new ValueReader();
                for (int at = 0; at < bytes.Length;)
                {
                    int take = round == 0 ? 1 : Math.Min(bytes.Length - at, random.Next(0, 60));
                    reader.Feed(bytes.AsSpan(at, take));
                    at += take;
                    Assert.Equal(at == bytes.Length, reader.IsComplete);
                }
                var back = reader.Finish();
                Assert.True(bytes.AsSpan().SequenceEqual(ValueWriter.Bytes(back).ToArray()), $"seed {seed}, {type} {rows}x{cols}");
                Assert.Equal(((Matrix)back.Object).ValueType, type == ValueTypeCode.Size ? ValueTypeCode.UI64 : type);
                back.Object.Release();
            }
            matrix.Release();
        }
    }

    [Theory]
    [InlineData(ValueTypeCode.F64, 0x400921FB54442D18)]
    [InlineData(ValueTypeCode.F32, 0x40490FDB)]
    [InlineData(ValueTypeCode.SI64, 0xFFFFFFFFFFFFFFFF)]
    [InlineData(ValueTypeCode.UI64, 0xFFFFFFFFFFFFFFFE)]
    [InlineData(ValueTypeCode.SI32, 0xFFFFFFFF80000000)]
    [InlineData(ValueTypeCode.UI32, 0x80000000)]
    [InlineData(ValueTypeCode.SI8, 0xFFFFFFFFFFFFFF80)]
    [InlineData(ValueTypeCode.UI8, 0xFF)]
    [InlineData(ValueTypeCode.Bool, 1)]
    public void Scalars_keep_type_and_value(ValueTypeCode type, ulong bits)
    {
        var back = ValueReader.Read(ValueWriter.Bytes(Datum.OfBits(type, bits)));
        Assert.Equal((type, bits), (back.Type, back.Bits));
    }

    [Fact]
    public void Bytes_can_be_received_in_place()
    {
        var matrix = DenseMatrix<double>.Copy([1, 2, 3, 4], 2, 2);
        byte[] bytes = ValueWriter.Bytes(Datum.Of(matrix)).ToArray();
        using var reader = new ValueReader();
        Assert.True(reader.Rest().IsEmpty);
        reader.Feed(bytes.AsSpan(0, 50));
        bytes.AsSpan(50).CopyTo(reader.Rest().Span);
        reader.Advance(bytes.Length - 50);
        Assert.True(reader.Rest().IsEmpty);
        Assert.Equal(Printer.ToText(Datum.Of(matrix)), Printer.ToText(reader.Finish()));
    }

    [Fact]
    public void Shortened_bytes_are_refused()
    {
        byte[] bytes = ValueWriter.Bytes(Datum.Of(DenseMatrix<int>.Copy([1, 2, 3], 1, 3))).ToArray();
        for (int length = 0; length < bytes.Length; length++)
            Refused(bytes[..length], length < WireFormat.DenseHeader ? $"it ends within its header, after {length} bytes" : $"{bytes.Length - length} of 12 bytes are missing at its end");
    }

    [Fact]
    public void Bytes_behind_the_end_are_refused()
    {
        Refused([.. ValueWriter.Bytes(Datum.Of(DenseMatrix<int>.Copy([1], 1, 1))).ToArray(), 0, 0], "2 bytes follow its end");
        Refused([.. ValueWriter.Bytes(Datum.Of(1.0)).ToArray(), 0], "1 bytes follow its end");
    }

    [Fact]
    public void A_hostile_header_is_refused_before_memory_is_taken()
    {
        byte[] header = ValueWriter.Bytes(Datum.Of(DenseMatrix<double>.Allocate(0, 0))).ToArray();
        Refused(Patched(header, 2, ulong.MaxValue), "a matrix cannot have 18446744073709551615 rows or columns");
        Refused(Patched(header, 2, 5), "its block of 0x0 cells at 0, 0 is not the whole 5x0 matrix");
        byte[] huge = Patched(Patched(header, 2, uint.MaxValue), 10, uint.MaxValue);
        huge.AsSpan(35, 8).Fill(0xFF);
        var error = Assert.Throws<RaisedException>(() => ValueReader.Read(new(huge)));
        Assert.Equal(Diag.WireTooLarge, error.Def);
        byte[] large = Patched(Patched(header, 2, 1000), 10, 1000);
        BinaryPrimitives.WriteInt32LittleEndian(large.AsSpan(35), 1000);
        BinaryPrimitives.WriteInt32LittleEndian(large.AsSpan(39), 1000);
        error = Assert.Throws<RaisedException>(() => ValueReader.Read(new(large), mostBytes: 7_999_999));
        Assert.Equal("a value of 1000x1000 cells needs 8000000 bytes, but at most 7999999 are allowed", error.Message);
    }

    [Fact]
    public void Wrong_codes_are_refused()
    {
        byte[] good = ValueWriter.Bytes(Datum.Of(DenseMatrix<bool>.Copy([true], 1, 1))).ToArray();
        Refused(With(good, 0, 2), "its format has version 2, known is 1");
        Refused(With(good, 1, 0), "there is no data type 0");
        Refused(With(good, 18, 77), "there is no value type 77");
        Refused(With(good, 44, 7), "its value type is 100, that of its block 7");
        Refused(With(good, 45, 2), "a truth value is neither 0 nor 1");
        Refused(With(good, 19, 1), "its block of 1x1 cells at 1, 0 is not the whole 1x1 matrix");
    }

    [Fact]
    public void No_bytes_at_all_end_in_anything_but_a_value_or_a_diagnostic()
    {
        const int seed = 5;
        var random = new Random(seed);
        byte[] good = ValueWriter.Bytes(Datum.Of(DenseMatrix<int>.Copy(new int[6], 2, 3))).ToArray();
        for (int i = 0; i < 8_000; i++)
        {
            byte[] bytes = [.. good];
            for (int n = random.Next(1, 4); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? random.Next(256) : random.Next(11));
            try
            {
                var value = ValueReader.Read(new(bytes, 0, random.Next(2) == 0 ? bytes.Length : random.Next(bytes.Length)), mostBytes: 1 << 16);
                if (!value.IsScalar) value.Object.Release();
            }
            catch (RaisedException)
            {
                // The promised end.
            }
        }
    }

    static void Refused(byte[] bytes, string why)
    {
        var error = Assert.Throws<RaisedException>(() => ValueReader.Read(new(bytes)));
        Assert.Equal("the bytes of the value are malformed: " + why, error.Message);
    }

    static byte[] With(byte[] bytes, int at, byte value)
    {
        byte[] copy = [.. bytes];
        copy[at] = value;
        return copy;
    }

    static byte[] Patched(byte[] bytes, int at, ulong value)
    {
        byte[] copy = [.. bytes];
        BinaryPrimitives.WriteUInt64LittleEndian(copy.AsSpan(at), value);
        return copy;
    }

    readonly struct RandomCells(long rows, long cols, Random random) : IStorageVisitor<Matrix>
    {
        public Matrix Visit<T>() where T : unmanaged
        {
            var matrix = DenseMatrix<T>.Allocate(rows, cols);
            var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(matrix.WritableSpan(0, (int)matrix.Cells));
            random.NextBytes(bytes);
            if (typeof(T) == typeof(bool))
                foreach (ref byte b in bytes) b &= 1;
            return matrix;
        }
    }
}
