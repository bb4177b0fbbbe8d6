using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary><c>.dbdf</c> files: one value in the bytes of the wire.</summary>
static class DbdfFile
{
    public static Matrix Read(string path, FileMetaData meta)
    {
        using var file = FileAccess.OpenRead(path);
        long length = RandomAccess.GetLength(file);
        // A value is never larger than the file that holds it.
        using var reader = new ValueReader(mostBytes: length);
        Span<byte> piece = stackalloc byte[WireFormat.DenseHeader];
        for (long at = 0; at < length;)
        {
            var rest = reader.Rest().Span;
            int read = FileAccess.ReadFully(file, path, rest.IsEmpty ? piece : rest, at);
            if (read == 0) break;
            if (rest.IsEmpty) reader.Feed(piece[..read]);
            else reader.Advance(read);
            at += read;
        }
        var value = reader.Finish();
        if (value.IsScalar) throw Diag.FileContradictsMeta.Raise(path, "a scalar", $"a {meta.Rows}x{meta.Cols} matrix");
        var matrix = (Matrix)value.Object;
        if (matrix.Rows == meta.Rows && matrix.Cols == meta.Cols && matrix.ValueType == meta.MatrixValueType) return matrix;
        string holds = Describe(matrix.Rows, matrix.Cols, matrix.ValueType);
        matrix.Release();
        throw Diag.FileContradictsMeta.Raise(path, holds, Describe(meta.Rows, meta.Cols, meta.MatrixValueType));
    }

    public static void Write(Matrix matrix, SafeFileHandle file)
    {
        long at = 0;
        foreach (var piece in ValueWriter.Bytes(Datum.Of(matrix)))
        {
            RandomAccess.Write(file, piece.Span, at);
            at += piece.Length;
        }
    }

    static string Describe(long rows, long cols, ValueTypeCode type) => $"a {rows}x{cols} matrix of {type.DslName()}";
}
