using System.Buffers;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Data.Serialization;

/// <summary>The bytes that the original's coordinator and workers exchanged, read and written back.</summary>
public sealed class WireFormatTests
{
    public static TheoryData<string> DenseAndScalar => [.. Recorded().Where(f => File.ReadAllBytes(f) is [1, 1 or 2 or 4, ..]).Select(Name)];

    static IEnumerable<string> Recorded() =>
        Directory.EnumerateFiles(Repository.Golden("wire"), "*.Data.bytes", SearchOption.AllDirectories).Where(f => !f.Contains("chunk100", StringComparison.Ordinal)).Order();

    static string Name(string path) => Path.GetRelativePath(Repository.Golden("wire"), path);

    static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Repository.Golden("wire"), name));

    [Theory, MemberData(nameof(DenseAndScalar))]
    public void A_recorded_value_is_read_and_written_as_the_same_bytes(string name)
    {
        byte[] bytes = Bytes(name);
        var value = ValueReader.Read(new(bytes));
        byte[] written = ValueWriter.Bytes(value).ToArray();
        // In the original the shape of a scalar is whatever lay in memory.
        if (value.IsScalar) bytes.AsSpan(2, 16).Clear();
        Assert.Equal(bytes, written);
        Assert.Equal(written.Length, ValueWriter.LengthOf(value));
        if (!value.IsScalar) value.Object.Release();
    }

    [Fact]
    public void There_are_recorded_values() => Assert.True(DenseAndScalar.Count >= 15);

    [Fact]
    public void The_smallest_value_is_what_its_bytes_say()
    {
        var value = ValueReader.Read(new(Bytes("x9_si64/worker1_000_store_first.Data.bytes")));
        Assert.Equal("DenseMatrix(1x2, int64_t)\n1 2\n", Printer.ToText(value));
        Assert.Equal("0.796543", Printer.ToText(ValueReader.Read(new(Bytes("x2_scalararg/worker1_001_store_first.Data.bytes")))));
    }

    [Fact]
    public void Recorded_chunks_of_100_bytes_make_the_value_and_are_cut_the_same_way()
    {
        byte[][] messages = [.. Directory.GetFiles(Path.Combine(Repository.Golden("wire"), "d1_chunk100"), "worker1_*_store_*.Data.bytes").Order().Select(File.ReadAllBytes)];
        using var reader = new ValueReader();
        foreach (byte[] message in messages) reader.Feed(message);
        var value = reader.Finish();
        Assert.Equal(5, ((Matrix)value.Object).Rows);
        Assert.Equal(messages, ValueWriter.Messages(value, 100).Select(m => m.ToArray()));
    }

    [Fact]
    public void The_first_message_of_the_asynchronous_client_is_no_value()
    {
        byte[][] messages = [.. Directory.GetFiles(Path.Combine(Repository.Golden("wire"), "d1_async-gRPC_asyncworker"), "worker1_*_store.Data.bytes").Order().Select(File.ReadAllBytes)];
        Assert.Equal([0, 8, 445], messages.Select(m => m.Length));
        Assert.Equal([false, true, false], messages.Select(m => WireFormat.IsChunkSize(m)));
    }

    [Fact]
    public void A_recorded_sparse_value_is_a_sparse_matrix()
    {
        var value = ValueReader.Read(new(Bytes("y1_csr/worker1_000_store_first.Data.bytes")));
        var matrix = Assert.IsType<CsrMatrix<double>>(value.Object);
        Assert.Equal((3, 5, 5), (matrix.Rows, matrix.Cols, matrix.Stored));
        Assert.Equal([0, 2, 3, 4, 0], Enumerable.Range(0, 3).SelectMany(r => matrix.ColumnsOf(r).ToArray()));
        matrix.Release();
    }
}
