using Daphne.Net.Data;

namespace Daphne.Net.Tests.Api;

/// <summary>What a script sees of C# values, and that it never writes into them.</summary>
public sealed class ArgumentsTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<object, string> Scalars => new()
    {
        { 2.5, "2.5" }, { 2.5f, "2.5" }, { -7, "-7" }, { (short)-7, "-7" }, { long.MinValue, "-9223372036854775808" }, { 7u, "7" }, { (ushort)7, "7" },
        { ulong.MaxValue, "18446744073709551615" }, { (byte)200, "200" }, { (sbyte)-100, "-100" }, { true, "1" }, { false, "0" }, { "a \"b\"\\n\n", "a \"b\"\\n\n" }, { "", "" },
        { double.NaN, "nan" }, { double.NegativeInfinity, "-inf" }, { -0.0, "-0" }, { double.Epsilon, "4.94066e-324" },
    };

    [Theory, MemberData(nameof(Scalars))]
    public async Task A_scalar_is_itself(object value, string printed)
    {
        using var session = new DaphneSession();
        await using var run = await session.RunAsync("print($x); y = $x;", new { x = value }, ct: Ct);
        Assert.Equal(printed + "\n", run.Output);
        // A C# int is an si64, as an integer literal of the language.
        object expected = value switch { int or short => Convert.ToInt64(value), uint or ushort => Convert.ToUInt64(value), _ => value };
        Assert.Equal(expected, run.Get<object>("y"));
    }

    public static TheoryData<Array, string> Arrays => new()
    {
        { new double[] { 1.5, -2 }, "double" }, { new float[] { 1.5f, -2 }, "float" }, { new long[] { 1, -2 }, "int64_t" }, { new ulong[] { 1, 2 }, "uint64_t" },
        { new int[] { 1, -2 }, "int32_t" }, { new uint[] { 1, 2 }, "uint32_t" }, { new byte[] { 1, 2 }, "uint8_t" }, { new sbyte[] { 1, -2 }, "int8_t" },
        { new double[,] { { 1.5, -2, 3 }, { 4, 5, 6 } }, "double" }, { new float[,] { { 1.5f, -2 } }, "float" }, { new long[,] { { 1, -2 } }, "int64_t" }, { new ulong[,] { { 1, 2 } }, "uint64_t" },
        { new int[,] { { 1, -2 } }, "int32_t" }, { new uint[,] { { 1, 2 } }, "uint32_t" }, { new byte[,] { { 1, 2 } }, "uint8_t" }, { new sbyte[,] { { 1, -2 } }, "int8_t" },
        { new bool[] { true, false }, "bool" }, { new bool[,] { { true, false } }, "bool" }, { Array.Empty<double>(), "double" }, { new double[0, 3], "double" }, { new double[3, 0], "double" },
    };

    [Theory, MemberData(nameof(Arrays))]
    public async Task An_array_is_a_column_and_a_table_is_a_matrix(Array cells, string type)
    {
        int rows = cells.GetLength(0), cols = cells.Rank == 1 ? 1 : cells.GetLength(1);
        var lines = Enumerable.Range(0, rows).Select(r => string.Join(' ', Enumerable.Range(0, cols).Select(c => Printed(cells.Rank == 1 ? cells.GetValue(r)! : cells.GetValue(r, c)!))) + "\n");
        static object Printed(object cell) => cell is bool b ? b ? 1 : 0 : cell;
        using var session = new DaphneSession();
        await using var run = await session.RunAsync("print($x); y = $x;", new { x = cells }, ct: Ct);
        Assert.Equal($"DenseMatrix({rows}x{cols}, {type})\n{string.Concat(lines)}", run.Output);
        Assert.Equal(cells.GetType().GetElementType(), run.Get<object>("y").GetType().GetGenericArguments()[0]);
    }

    [Fact]
    public async Task Memory_has_a_shape_and_need_not_be_aligned()
    {
        byte[] bytes = new byte[1 + 6 * 8];
        for (int i = 0; i < 6; i++) BitConverter.TryWriteBytes(bytes.AsSpan(1 + 8 * i), (double)i);
        var unaligned = new Reinterpreted(bytes, 1, 6).Memory;
        using var session = new DaphneSession();
        await using var run = await session.RunAsync("print($x); print(sum($x * $x)); print($v);",
            new { x = new Shaped<double>(unaligned, 2, 3), v = new double[] { 9, 1, 2 }.AsMemory(1) is var m ? (ReadOnlyMemory<double>)m : default }, ct: Ct);
        Assert.Equal("DenseMatrix(2x3, double)\n0 1 2\n3 4 5\n55\nDenseMatrix(2x1, double)\n1\n2\n", run.Output);
    }

    [Fact]
    public async Task A_matrix_stays_its_callers()
    {
        var matrix = DenseMatrix<double>.Copy([1, 2, 3, 4], 2, 2);
        using var session = new DaphneSession();
        await using (var run = await session.RunAsync("X = $x * 2.0; y = $d; print(sum(X) + sum(y));", new { x = matrix, d = Datum.Of(matrix) }, ct: Ct)) Assert.Equal("30\n", run.Output);
        await Assert.ThrowsAsync<Dialect.ScriptException>(() => session.RunAsync("X = $x * 2.0; stop();", new { x = matrix }, ct: Ct));
        Assert.Throws<ArgumentException>(() => { _ = session.RunAsync("print(1);", new { x = matrix, y = DateTime.UnixEpoch }, ct: Ct); });
        Assert.Equal(1, matrix.Owners);
        Assert.Equal([1, 2, 3, 4], matrix.ToArray());
        matrix.Release();
    }

    // Every statement here would like to write in place.
    const string Greedy = """
        X = $x; X = X + 1.0; X = X * X; X[0, 0] = as.matrix(100.0);
        Y = $x; Y[1, ] = Y[0, ] * 2.0;
        Z = $x + 0.0; i = 0; while (i < 3) { Z = Z - 1.0; i = i + 1; }
        for (r in 0:1) { Y[r, 0] = as.matrix(-1.0); }
        print(sum(X) + sum(Y) + sum(Z));
        """;

    [Theory]
    [InlineData("plain"), InlineData("vectorized"), InlineData("workers")]
    public async Task Borrowed_memory_is_never_written(string how)
    {
        double[,] table = { { 1, 2, 3 }, { 4, 5, 6 } };
        double[] list = [1, 2, 3, 4, 5, 6];
        var matrix = DenseMatrix<double>.Copy(list, 2, 3);
        await using var cluster = await DaphneCluster.InProcess(2).Deploy(ct: Ct);
        using var session = new DaphneSession(new() { Vectorize = how == "vectorized" });
        foreach (object x in new object[] { table, new Shaped<double>(list, 2, 3), matrix })
        {
            await using var run = how == "workers" ? await cluster.RunAsync(Greedy, new { x }, ct: Ct) : await session.RunAsync(Greedy, new { x }, ct: Ct);
            Assert.Equal("251\n", run.Output);
            Assert.Equal([1, 2, 3, 4, 5, 6], table.Cast<double>());
            Assert.Equal([1, 2, 3, 4, 5, 6], list);
            Assert.Equal([1, 2, 3, 4, 5, 6], matrix.ToArray());
        }
        matrix.Release();
    }

    public static TheoryData<object?> Carriers => new()
    {
        new { a = 1, b = 2.5 }, new Dictionary<string, object?> { ["a"] = 1, ["b"] = 2.5 }, new Dictionary<string, double> { ["a"] = 1, ["b"] = 2.5 },
        new SortedList<string, object> { ["b"] = 2.5, ["a"] = 1 }, new Pair(1, 2.5), new PairStruct(1, 2.5),
    };

    [Theory, MemberData(nameof(Carriers))]
    public async Task Arguments_come_in_any_object_or_dictionary(object? carrier)
    {
        using var session = new DaphneSession();
        await using var run = await session.RunAsync("print($a + $b);", carrier, ct: Ct);
        Assert.Equal("3.5\n", run.Output);
    }

    [Fact]
    public async Task Nothing_is_needed_where_nothing_is_asked()
    {
        using var session = new DaphneSession();
        Assert.Equal("1\n", (await session.RunAsync("print(1);", null, ct: Ct)).Output);
        Assert.Equal("1\n", (await session.RunAsync("print(1);", new { unused = 5 }, ct: Ct)).Output);
        var e = await Assert.ThrowsAsync<Dialect.ScriptException>(() => session.RunAsync("print($a);", new { b = 5 }, ct: Ct));
        Assert.Contains("$a", e.Message, StringComparison.Ordinal);
    }

    public static TheoryData<object, string> Wrong => new()
    {
        { new Dictionary<string, object?> { ["x"] = null }, "the script argument x is null; a script argument is a number, a bool," },
        { new { x = 1.5m }, "the script argument x is a decimal; a script argument is a number" },
        { new { x = new List<double> { 1 } }, "the script argument x is a List<double>; " },
        { new { x = new double[1, 1, 1] }, "the script argument x is a double[,,]; " },
        { new { x = new Shaped<double>(new double[5], 2, 3) }, "5 cells do not make a 2x3 matrix" },
        { new Dictionary<int, double> { [1] = 2 }, "script arguments have names, not keys such as 1" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void What_no_script_can_see_is_refused_by_name(object carrier, string message)
    {
        using var session = new DaphneSession();
        var e = Assert.Throws<ArgumentException>(() => { _ = session.RunAsync("print(1);", carrier, ct: Ct); });
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    public sealed record Pair(int a, double b);

    public readonly record struct PairStruct(int a, double b);

    /// <summary>Doubles that begin anywhere in an array of bytes.</summary>
    sealed unsafe class Reinterpreted(byte[] bytes, int offset, int count) : System.Buffers.MemoryManager<double>
    {
        public override Span<double> GetSpan() => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(bytes.AsSpan(offset, count * 8));

        public override System.Buffers.MemoryHandle Pin(int elementIndex = 0)
        {
            var handle = System.Runtime.InteropServices.GCHandle.Alloc(bytes, System.Runtime.InteropServices.GCHandleType.Pinned);
            return new((byte*)handle.AddrOfPinnedObject() + offset + elementIndex * 8, handle, this);
        }

        public override void Unpin() { }

        protected override void Dispose(bool disposing) { }
    }
}
