using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>How many bytes of memory values take: what limits count. Of matrices that lie elsewhere, what their cells would take here.</summary>
public static class ValueSize
{
    // A reference, and the head of what it refers to.
    internal const int StringBytes = 32;

    /// <summary>The bytes of a value.</summary>
    public static long Of(in Datum value) => !value.IsScalar ? Of(value.Object) : value.Type == ValueTypeCode.Str ? Of(value.Text) : value.Type!.Value.SizeInBytes();

    /// <summary>The bytes of a data object.</summary>
    public static long Of(DataObject value)
    {
        switch (value)
        {
            case StringMatrix strings:
                long length = 0;
                foreach (string cell in strings.Span) length += Of(cell);
                return length;
            case Matrix matrix:
                if (CsrMatrix.Is(matrix)) return CsrMatrix.Dispatch<Compressed, long>(matrix, default);
                return matrix.Cells * (matrix.ValueType == ValueTypeCode.Str ? StringBytes : matrix.ValueType.SizeInBytes());
            case Frame { IsHere: false } elsewhere: return elsewhere.Rows * Enumerable.Range(0, elsewhere.Cols).Sum(c => elsewhere.ValueType(c) is var type && type == ValueTypeCode.Str ? StringBytes : type.SizeInBytes());
            case Frame frame:
                long columns = frame.Labels.Sum(Of);
                foreach (var column in frame.Columns) columns += Of(column);
                return columns;
            case ObjectList list: return Enumerable.Range(0, list.Length).Sum(i => Of(list[i]));
            default: return 0;
        }
    }

    internal static long Of(string text) => StringBytes + sizeof(char) * (long)text.Length;

    internal static UInt128 OfSparse(long rows, ulong stored, int cellBytes) => ((UInt128)rows + 1) * sizeof(long) + (UInt128)stored * (UInt128)(sizeof(int) + cellBytes);

    readonly struct Compressed : ICsrVisitor<long>
    {
        public unsafe long Visit<T>(CsrMatrix<T> matrix) where T : unmanaged => (long)OfSparse(matrix.Rows, (ulong)matrix.Stored, sizeof(T));
    }
}
