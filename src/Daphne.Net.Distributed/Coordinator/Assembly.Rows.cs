using System.Collections.Immutable;
using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>Rows below each other and columns beside each other, of what is not dense.</summary>
static partial class Assembly
{
    // Column by column: each is a matrix of its own.
    static Frame Frame(CombineKind combine, long rows, ImmutableArray<Frame> parts)
    {
        if (combine != CombineKind.Rows) throw new UnreachableException($"frames cannot be combined by {combine}");
        var first = parts[0];
        var columns = new Matrix[first.Cols];
        for (int c = 0; c < columns.Length; c++) columns[c] = Cells(combine, IrType.Matrix(first.ValueType(c)), rows, 1, [.. parts.Select(p => p[c])]);
        return new(rows, columns, first.Labels);
    }

    static StringMatrix Strings(CombineKind combine, long rows, long cols, ImmutableArray<Matrix> parts)
    {
        if (combine is not (CombineKind.Rows or CombineKind.Cols)) throw new UnreachableException($"strings cannot be combined by {combine}");
        var result = StringMatrix.Allocate(rows, cols, out var cells);
        if (combine == CombineKind.Cols)
        {
            for (long r = 0; r < rows; r++)
                foreach (var part in parts)
                {
                    ((StringMatrix)part).Span.Slice((int)(r * part.Cols), (int)part.Cols).CopyTo(cells);
                    cells = cells[(int)part.Cols..];
                }
            return result;
        }
        foreach (var part in parts)
        {
            var from = ((StringMatrix)part).Span;
            from.CopyTo(cells);
            cells = cells[from.Length..];
        }
        return result;
    }

    readonly struct Packing : IMatrixVisitor<Matrix>
    {
        public unsafe Matrix Visit<T>(DenseMatrix<T> matrix) where T : unmanaged
        {
            var equals = EqualityComparer<T>.Default;
            long stored = 0, at = 0;
            for (long r = 0; r < matrix.Rows; r++)
                foreach (T cell in matrix.Row(r))
                    if (!equals.Equals(cell, default)) stored++;
            var result = CsrMatrix<T>.Allocate(matrix.Rows, matrix.Cols, stored);
            result.Offsets[0] = 0;
            for (long r = 0; r < matrix.Rows; r++)
            {
                var row = matrix.Row(r);
                for (int c = 0; c < row.Length; c++)
                {
                    if (equals.Equals(row[c], default)) continue;
                    result.Columns[at] = c;
                    result.Values[at++] = row[c];
                }
                result.Offsets[r + 1] = at;
            }
            return result;
        }
    }

    readonly struct SparseCols(long rows, long cols, ImmutableArray<Matrix> parts) : IStorageVisitor<Matrix>
    {
        public unsafe Matrix Visit<T>() where T : unmanaged
        {
            CsrMatrix<T>[] typed = [.. parts.Select(p => (CsrMatrix<T>)p)];
            var result = CsrMatrix<T>.Allocate(rows, cols, typed.Sum(p => p.Stored));
            long at = 0;
            result.Offsets[0] = 0;
            for (long r = 0; r < rows; r++)
            {
                int first = 0;
                foreach (var part in typed)
                {
                    var columns = part.ColumnsOf(r);
                    for (int i = 0; i < columns.Length; i++) result.Columns[at + i] = first + columns[i];
                    part.ValuesOf(r).CopyTo(new(result.Values + at, columns.Length));
                    at += columns.Length;
                    first += (int)part.Cols;
                }
                result.Offsets[r + 1] = at;
            }
            GC.KeepAlive(typed);
            return result;
        }
    }

    readonly struct SparseRows(long rows, long cols, ImmutableArray<Matrix> parts) : IStorageVisitor<Matrix>
    {
        public unsafe Matrix Visit<T>() where T : unmanaged
        {
            CsrMatrix<T>[] typed = [.. parts.Select(p => (CsrMatrix<T>)p)];
            var result = CsrMatrix<T>.Allocate(rows, cols, typed.Sum(p => p.Stored));
            long row = 0, at = 0;
            result.Offsets[0] = 0;
            foreach (var part in typed)
                for (long r = 0; r < part.Rows; r++)
                {
                    var columns = part.ColumnsOf(r);
                    var values = part.ValuesOf(r);
                    columns.CopyTo(new(result.Columns + at, columns.Length));
                    values.CopyTo(new(result.Values + at, values.Length));
                    at += columns.Length;
                    result.Offsets[++row] = at;
                }
            GC.KeepAlive(typed);
            return result;
        }
    }
}
