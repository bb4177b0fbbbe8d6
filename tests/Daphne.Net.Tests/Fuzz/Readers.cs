using System.Buffers;
using System.Text;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Language;
using Daphne.Net.Tests.Data.Files;
using Daphne.Net.Tests.Distributed;

namespace Daphne.Net.Tests.Fuzz;

/// <summary>Every reader of bytes. Those of files get the mutated bytes as the data file; the metadata beside it stays as it was.</summary>
sealed class Readers : IDisposable
{
    const string MatrixMeta = """{"numRows": 3, "numCols": 3, "valueType": "f64"}""", IntegerMeta = """{"numRows": 3, "numCols": 3, "valueType": "si8"}""";

    const string FrameMeta = """
        {"numRows": 3, "numCols": 4, "schema": [{"label": "a", "valueType": "si64"}, {"label": "b", "valueType": "str"}, {"label": "c", "valueType": "f32"}, {"label": "d", "valueType": "bool"}]}
        """;

    readonly TemporaryFolder folder = TemporaryFolder.InMemory();
    readonly HashSet<string> described = [];

    public static IEnumerable<string> Names => ["csv", "csv-frame", "csv-strings", "mtx", "dbdf", "dbdf-frame", "parquet", "parquet-matrix", "meta", "ir", "wire", "plane"];

    public Reader this[string name] => name switch
    {
        "csv" => File("x.csv", IntegerMeta, Matrix, "1,2,3\n4,5,6\n7,8,9\n", "1.5, -2 ,\"3\"\r\n-128,127,0\n1e1,2,3,4,5\n"),
        "csv-frame" => File("x.csv", FrameMeta, Frame, "1,\"q,\"\"x\"\"\n\",0.5,1\n-7,,nan,0\n9,z,1e10,1\n", "1,a,2,0,5,6\n2,\"b\",,1\n3,c\"c,-inf,0"),
        "csv-strings" => File("x.csv", MatrixMeta.Replace("f64", "str", StringComparison.Ordinal), Matrix, "a,\"b\nb\",c\n,,\n\"\"\"\",x,\"y\"z\n", "1,2,3\n4,5,6\n7,8,9"),
        "mtx" => File("x.mtx", MatrixMeta, Matrix,
            "%%MatrixMarket matrix coordinate real general\n% text\n3 3 2\n1 1 0.5\n3 2 -1e3\n", "%%MatrixMarket matrix array integer general\n3 3\n1\n2\n3\n4\n5\n6\n7\n8\n9\n",
            "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n2 1\n3 3\n", "%%MatrixMarket matrix array real skew-symmetric\n3 3\n1\n2\n3\n"),
        "dbdf" => new(name, [Written(".dbdf", DenseMatrix<double>.Copy([1, 0, 2, 0, 0, 3, 0, 4, 0], 3, 3)), Compressed, RowForRow, UltraSparse], bytes => Read("x.dbdf", MatrixMeta, bytes, Matrix)),
        "dbdf-frame" => new(name, [Written(".dbdf", SmallFrame)], bytes => Read("x.dbdf", FrameMeta, bytes, Frame)),
        "parquet" => new(name, Parquet, bytes => Read("x.parquet", null, bytes, Frame)),
        "parquet-matrix" => new(name, Parquet, bytes => Read("x.parquet", null, bytes, Matrix)),
        "meta" => new(name, [.. new[] { MatrixMeta, IntegerMeta, FrameMeta, """{"numRows":1,"numCols":1,"schema":[{"label":"ü\u00e9"}],"valueType":"f64","numNonZeros":-1,"other":[{},null]}""" }.Select(Encoding.UTF8.GetBytes)],
            bytes => _ = FileMetaData.Parse(bytes, "x.meta").AsFrame("x").ToJson()),
        "ir" => new(name, [.. Programs], bytes => _ = IrText.Print(IrText.Parse(Encoding.UTF8.GetString(bytes)))),
        "plane" => new(name, [.. Exchanges], Exchange),
        _ => new(name, [.. Values.Select(v => ValueWriter.Bytes(v).ToArray())], Wire),
    };

    public void Dispose() => folder.Dispose();

    Reader File(string file, string meta, Func<string, DataObject> read, params string[] seeds) =>
        new(file == "x.mtx" ? "mtx" : read == Frame ? "csv-frame" : meta.Contains("str", StringComparison.Ordinal) ? "csv-strings" : "csv",
            [.. seeds.Select(Encoding.UTF8.GetBytes)], bytes => Read(file, meta, bytes, read));

    void Read(string name, string? meta, byte[] bytes, Func<string, DataObject> read)
    {
        System.IO.File.WriteAllBytes(folder[name], bytes);
        if (meta is not null && described.Add(name)) System.IO.File.WriteAllText(folder[name + FileMetaData.Extension], meta);
        var value = read(folder[name]);
        _ = Printer.ToText(Datum.Of(value));
        value.Release();
    }

    static DataObject Matrix(string path) => MatrixFiles.Read(path, threads: 1);

    static DataObject Frame(string path) => FrameFiles.Read(path, threads: 1);

    // What scripts become that need nothing but themselves.
    static IEnumerable<byte[]> Programs
    {
        get
        {
            foreach (string script in Directory.GetFiles(Repository.Golden("dsl/core"), "*-01.daphne").Order(StringComparer.Ordinal))
            {
                string text;
                try
                {
                    text = IrText.Print(DaphneCompiler.Compile(Parser.Parse(new(System.IO.File.ReadAllText(script), script)), new CompilerOptions()).Module);
                }
                catch (ScriptException)
                {
                    continue;
                }
                if (text.Length < 5000) yield return Encoding.UTF8.GetBytes(text);
            }
        }
    }

    static void Wire(byte[] bytes)
    {
        using var reader = new ValueReader(mostBytes: 1 << 20);
        for (int at = 0; at < bytes.Length; at += 7) reader.Feed(bytes.AsSpan(at, Math.Min(7, bytes.Length - at)));
        var value = reader.Finish();
        // A frame without columns may say that it has 2^40 rows: nothing to hold, but as many empty lines to print.
        if (value.IsScalar || value.Object is not Frame { Rows: > 1 << 16 }) _ = Printer.ToText(value);
        if (!value.IsScalar) value.Object.Release();
    }

    // What a client and a worker send over the data plane: a header, and a value where it announces one.
    static IEnumerable<byte[]> Exchanges
    {
        get
        {
            foreach (var value in Values)
                foreach (var (kind, text) in ((PlaneKind, string)[])[(PlaneKind.Store, "a session/1"), (PlaneKind.Value, "")])
                {
                    var bytes = new MemoryStream();
                    using var connection = new PlaneConnection(bytes, null);
                    connection.WriteAsync(kind, text, default, ValueWriter.LengthOf(value), 1000).AsTask().Wait();
                    connection.WriteValueAsync(PlaneConnection.Pieces(value), static () => { }, default).AsTask().Wait();
                    yield return bytes.ToArray();
                }
        }
    }

    static void Exchange(byte[] bytes)
    {
        using var connection = new PlaneConnection(new MemoryStream(bytes), null);
        using var reader = new ValueReader(mostBytes: 1 << 20);
        try
        {
            _ = connection.ReadAsync(default).AsTask().GetAwaiter().GetResult();
            connection.ReadValueAsync(reader, reader.Feed, static () => { }, default).AsTask().GetAwaiter().GetResult();
        }
        catch (EndOfStreamException e)
        {
            throw Diag.PlaneMalformed.Raise(e.Message);   // on a socket the error of its own that a cut connection is
        }
        TestValues.Release(reader.Finish());
    }

    static Frame SmallFrame => new(3, [DenseMatrix<long>.Copy([1, -2, 3], 3, 1), new StringMatrix(["x", "", "ü"], 3, 1), DenseMatrix<float>.Copy([1, 2, 3], 3, 1), DenseMatrix<bool>.Copy([true, false, true], 3, 1)], ["a", "b", "c", "d"]);

    static Datum[] Values => [Datum.Of(1.5), Datum.Of(true), Datum.Of((byte)7), Datum.Of(DenseMatrix<double>.Copy([1, 2, 3, 4], 2, 2)), Datum.Of(DenseMatrix<sbyte>.Copy([1, -2, 3], 3, 1)), Datum.Of(DenseMatrix<bool>.Copy([true, false], 1, 2)),
        Datum.Of("ü"), Datum.Of(new StringMatrix(["x", "", "ü", "y y"], 2, 2)), Datum.Of(CsrMatrix<float>.Copy([0, 1, 1, 3], [2, 0, 1], [1, 2, 3], 3, 3)), Datum.Of(SmallFrame),
        Datum.Of(new ObjectList(ValueTypeCode.SI32, [DenseMatrix<int>.Copy([1, 2], 1, 2), CsrMatrix<int>.Copy([0, 1], [1], [7], 1, 3)]))];

    byte[][] Parquet
    {
        get
        {
            var random = new Random(1);
            return [Written(".parquet", SmallFrame), Written(".parquet", RandomFrames.Make(random, 200, 5)), Written(".parquet", RandomFrames.Matrix(ValueTypeCode.Str, 300, 1, random)),
                .. Directory.GetFiles(Repository.Golden("parquet"), "*.parquet").Select(System.IO.File.ReadAllBytes)];
        }
    }

    byte[] Written(string extension, DataObject value)
    {
        string path = folder["seed" + extension];
        if (value is Frame frame) FrameFiles.Write(frame, path);
        else MatrixFiles.Write((Matrix)value, path);
        value.Release();
        return System.IO.File.ReadAllBytes(path);
    }

    // A 3x3 matrix of f64 with two cells, in the three sparse forms.
    static byte[] Compressed => Sparse(2, 7, 7, 2, [0, 1, 1, 2], [2, 0]);

    static byte[] RowForRow => [.. Head(2, 10), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 2, 10, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, .. BitConverter.GetBytes(0.5), 0, 0, 0, 0, 0, 0, 0, 0];

    static byte[] UltraSparse => [.. Head(1, 10), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 3, 10, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, .. BitConverter.GetBytes(0.5)];

    static byte[] Head(byte kind, byte type) => [1, kind, 3, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, type];

    static byte[] Sparse(byte kind, byte type, byte blockType, ulong count, ulong[] offsets, ulong[] columns) =>
        [.. Head(kind, type), .. new byte[16], 3, 0, 0, 0, 3, 0, 0, 0, 2, blockType, .. BitConverter.GetBytes(count), .. offsets.SelectMany(BitConverter.GetBytes), .. columns.SelectMany(BitConverter.GetBytes), .. columns.SelectMany(_ => BitConverter.GetBytes(0.5))];
}
