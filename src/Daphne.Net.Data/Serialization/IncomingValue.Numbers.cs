using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Matrices of numbers: their cells are received where they will lie.</summary>
sealed partial class IncomingValue
{
    const int LongestPlace = 1 << 30, ColumnsAtOnce = 1 << 13;

    IEnumerable<Place> Dense<T>(ValueHeader header) where T : unmanaged
    {
        long length = header.CellBytes();
        Accept(header, (UInt128)length, length);
        var matrix = DenseMatrix<T>.Allocate(header.Rows, header.Cols);
        made = matrix;
        for (long at = 0; at < length; at += LongestPlace) yield return Cells(matrix, at, length);
        if (matrix is not DenseMatrix<bool> truths) yield break;
        foreach (var (first, count) in truths.Chunks()) RequireTruthValues(MemoryMarshal.AsBytes(truths.Span(first, count)));
    }

    IEnumerable<Place> Sparse<T>(ValueHeader header) where T : unmanaged
    {
        byte[] some = new byte[ColumnsAtOnce * sizeof(ulong)];
        yield return new(some.AsMemory(0, sizeof(ulong)), false);
        ulong stored = BinaryPrimitives.ReadUInt64LittleEndian(some);
        if (stored > (UInt128)header.Rows * (UInt128)header.Cols || stored > long.MaxValue / 16) throw Diag.WireMalformed.Raise($"{stored} stored cells in a {header.Rows}x{header.Cols} matrix");
        Accept(header, ValueSize.OfSparse(header.Rows, stored, header.Type.SizeInBytes()), null);
        var matrix = CsrMatrix<T>.Allocate(header.Rows, header.Cols, (long)stored);
        made = matrix;
        long offsets = (header.Rows + 1) * sizeof(long), values = (long)stored * header.Type.SizeInBytes();
        for (long at = 0; at < offsets; at += LongestPlace) yield return Offsets(matrix, at, offsets);
        CheckOffsets(matrix, (long)stored);
        for (long at = 0; at < (long)stored; at += ColumnsAtOnce)
        {
            int count = (int)Math.Min(ColumnsAtOnce, (long)stored - at);
            yield return new(some.AsMemory(0, count * sizeof(ulong)), false);
            TakeColumns(matrix, at, MemoryMarshal.Cast<byte, ulong>(some.AsSpan(0, count * sizeof(ulong))));
        }
        CheckColumns(matrix);
        for (long at = 0; at < values; at += LongestPlace) yield return Values(matrix, at, values);
        if (matrix is CsrMatrix<bool> truths)
            for (long r = 0; r < truths.Rows; r++) RequireTruthValues(MemoryMarshal.AsBytes(truths.ValuesOf(r)));
    }

    static unsafe Place Cells<T>(DenseMatrix<T> matrix, long at, long length) where T : unmanaged => Window(matrix, (byte*)matrix.Cell0, at, length);

    static unsafe Place Offsets<T>(CsrMatrix<T> matrix, long at, long length) where T : unmanaged => Window(matrix, (byte*)matrix.Offsets, at, length);

    static unsafe Place Values<T>(CsrMatrix<T> matrix, long at, long length) where T : unmanaged => Window(matrix, (byte*)matrix.Values, at, length);

    static unsafe Place Window(DataObject owner, byte* bytes, long at, long length) => new(new NativeBytes(owner, bytes + at, (int)Math.Min(LongestPlace, length - at)).Memory, true);

    // The rows of a view of the original begin where they lie in the matrix that it shows.
    static unsafe void CheckOffsets<T>(CsrMatrix<T> matrix, long stored) where T : unmanaged
    {
        long first = matrix.Offsets[0], last = 0;
        for (long r = 0; r <= matrix.Rows; r++)
        {
            long offset = unchecked(matrix.Offsets[r] - first);
            if (offset < last || offset > stored) throw Diag.WireMalformed.Raise($"its row offsets do not rise to {stored} at row {r}");
            matrix.Offsets[r] = last = offset;
        }
        if (last != stored) throw Diag.WireMalformed.Raise($"its rows have {last} of {stored} stored cells");
    }

    static unsafe void TakeColumns<T>(CsrMatrix<T> matrix, long at, ReadOnlySpan<ulong> columns) where T : unmanaged
    {
        foreach (ulong column in columns) matrix.Columns[at++] = column < (ulong)matrix.Cols ? (int)column : throw Diag.WireMalformed.Raise($"a cell in column {column} of {matrix.Cols}");
    }

    static void CheckColumns<T>(CsrMatrix<T> matrix) where T : unmanaged
    {
        for (long r = 0; r < matrix.Rows; r++)
        {
            var columns = matrix.ColumnsOf(r);
            for (int i = 1; i < columns.Length; i++)
                if (columns[i] <= columns[i - 1]) throw Diag.WireMalformed.Raise($"the columns of row {r} do not ascend");
        }
    }
}
