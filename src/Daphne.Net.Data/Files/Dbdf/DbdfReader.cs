using System.Text;
using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>
/// Reads <c>.dbdf</c> files: what the original's code writes (one dense or CSR block) and what its page on the format describes (blocks that are empty,
/// dense, sparse or ultra-sparse, each with a value type of its own; their positions count cells). Frames are blocks of whole columns.
/// </summary>
static class DbdfReader
{
    public static Matrix ReadMatrix(string path, FileMetaData meta)
    {
        using var file = FileAccess.OpenRead(path);
        var bytes = new FileBytes(file, path);
        byte kind = Header(bytes, path, meta);
        if (kind == WireFormat.FrameData) return FrameColumns.Join(Frame(bytes, path, meta.AsFrame(path), new(0, meta.Rows), default), meta.MatrixValueType);
        byte code = bytes.Byte();
        if (!meta.IsFrame) return Matrix(bytes, path, meta.MatrixValueType, meta, new(0, meta.Rows), code, default);
        var read = Matrix(bytes, path, null, meta, new(0, meta.Rows), code, default);
        return FrameColumns.Join(FrameColumns.Split(read, meta), meta.MatrixValueType);
    }

    /// <summary>Reads some rows of a file that holds one matrix: of dense blocks only what is wanted, the others from end to end.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">What diagnostics call it.</param>
    /// <param name="meta">Of the whole file: of a matrix, not of a frame.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="ct">Ends the reading at the next row.</param>
    public static Matrix ReadRows(SafeFileHandle file, string path, FileMetaData meta, FileRows rows, CancellationToken ct)
    {
        var bytes = new FileBytes(file, path);
        if (Header(bytes, path, meta) != WireFormat.FrameData) return Matrix(bytes, path, meta.MatrixValueType, meta, rows, bytes.Byte(), ct);
        // Columns one after the other: there is nothing to pass over.
        var whole = FrameColumns.Join(Frame(bytes, path, meta.AsFrame(path), new(0, meta.Rows), default), meta.MatrixValueType);
        try
        {
            return MatrixRows.Range(whole, rows.First, rows.Count);
        }
        finally
        {
            whole.Release();
        }
    }

    /// <summary>Reads a frame; the metadata has a schema.</summary>
    public static Frame ReadFrame(string path, FileMetaData meta)
    {
        using var file = FileAccess.OpenRead(path);
        return ReadFrameRows(file, path, meta, new(0, meta.Rows), default);
    }

    /// <summary>Reads some rows of a frame: of each column only what is wanted, where it is of numbers.</summary>
    public static Frame ReadFrameRows(SafeFileHandle file, string path, FileMetaData meta, FileRows rows, CancellationToken ct)
    {
        var bytes = new FileBytes(file, path);
        byte kind = Header(bytes, path, meta);
        if (kind == WireFormat.FrameData) return Frame(bytes, path, meta, rows, ct);
        return FrameColumns.Split(Matrix(bytes, path, meta.ValueType, meta, rows, bytes.Byte(), ct), meta with { Rows = rows.Count });
    }

    // Version, kind of data, rows, columns.
    static byte Header(FileBytes bytes, string path, FileMetaData meta)
    {
        byte version = bytes.Byte(), kind = bytes.Byte();
        if (version != WireFormat.Version) throw Diag.DbdfMalformed.Raise(path, $"its format has version {version}, known is {WireFormat.Version}");
        if (kind is not (WireFormat.DenseData or WireFormat.SparseData or WireFormat.FrameData)) throw Diag.DbdfMalformed.Raise(path, $"there is no data type {kind}");
        ulong rows = bytes.UInt64(), cols = bytes.UInt64();
        if (rows != (ulong)meta.Rows || cols != (ulong)meta.Cols) throw Diag.FileContradictsMeta.Raise(path, $"{rows} rows and {cols} columns", $"{meta.Rows} and {meta.Cols}");
        return kind;
    }

    static Matrix Matrix(FileBytes bytes, string path, ValueTypeCode? expected, FileMetaData meta, FileRows rows, byte code, CancellationToken ct)
    {
        var codes = expected is null || DbdfCodes.OfTheCode.TypeOf(code) == expected ? DbdfCodes.OfTheCode
            : DbdfCodes.OfThePage.TypeOf(code) == expected ? DbdfCodes.OfThePage
            : throw Diag.FileContradictsMeta.Raise(path, DbdfCodes.OfTheCode.TypeOf(code) is { } other ? $"cells of {other.DslName()}" : $"cells of unknown type {code}", $"cells of {expected.Value.DslName()}");
        var type = codes.TypeOf(code) ?? throw Diag.DbdfMalformed.Raise(path, $"there is no value type {code}");
        return New(type, rows.Count, meta.Cols, target =>
        {
            var blocks = new DbdfBlocks(bytes, path, codes, target, ct) { FirstRow = rows.First, FileRows = meta.Rows };
            Int128 cells = 0;
            while (bytes.Left > 0) cells += blocks.Read();
            if (cells != (Int128)meta.Rows * meta.Cols) throw Diag.DbdfMalformed.Raise(path, $"its blocks have {cells} cells, not {(Int128)meta.Rows * meta.Cols}");
        });
    }

    static Frame Frame(FileBytes bytes, string path, FileMetaData meta, FileRows rows, CancellationToken ct)
    {
        int cols = (int)meta.Cols;
        if (bytes.Left < 3L * cols) throw Diag.DbdfMalformed.Raise(path, "it ends too early");
        byte[] types = new byte[cols];
        bytes.Read(types);
        for (int j = 0; j < cols; j++)
        {
            string label = Encoding.UTF8.GetString(bytes.Take(bytes.UInt16()));
            if (meta.IsFrame && meta.ValueType is null && label != meta.Schema[j].Label) throw Diag.FileContradictsMeta.Raise(path, $"a column '{label}'", $"'{meta.Schema[j].Label}'");
        }
        var codes = meta.Schema.Select(c => c.ValueType).SequenceEqual(types.Select(t => DbdfCodes.OfTheCode.TypeOf(t) ?? ValueTypeCode.Size)) ? DbdfCodes.OfTheCode
            : meta.Schema.Select(c => c.ValueType).SequenceEqual(types.Select(t => DbdfCodes.OfThePage.TypeOf(t) ?? ValueTypeCode.Size)) ? DbdfCodes.OfThePage
            : throw Diag.FileContradictsMeta.Raise(path, "columns of other types", string.Join(", ", meta.Schema.Take(10).Select(c => c.ValueType.DslName())));
        return FrameColumns.Make(meta with { Rows = rows.Count }, j => New(meta.Schema[j].ValueType, rows.Count, 1, target =>
        {
            var blocks = new DbdfBlocks(bytes, path, codes, target, ct) { Column = j, FirstRow = rows.First, FileRows = meta.Rows };
            if (blocks.Read() != meta.Rows) throw Diag.DbdfMalformed.Raise(path, $"the block of column {j} has not {meta.Rows} cells");
            if (j == cols - 1 && bytes.Left > 0) throw Diag.DbdfMalformed.Raise(path, $"{bytes.Left} bytes follow its end");
        }));
    }

    static Matrix New(ValueTypeCode type, long rows, long cols, Action<Matrix> fill)
    {
        Matrix matrix = type == ValueTypeCode.Str ? StringMatrix.Allocate(rows, cols, out _) : DenseMatrix.Allocate(type, rows, cols, zeroed: true);
        try
        {
            fill(matrix);
            return matrix;
        }
        catch
        {
            matrix.Release();
            throw;
        }
    }
}
