using System.Collections.Immutable;
using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Distributed;

/// <summary>Makes one matrix or frame of the parts that came from workers, of any value type and representation. Sums are added in worker order.</summary>
static partial class Assembly
{
    /// <summary>The caller owns the result and keeps owning the parts.</summary>
    public static DataObject Of(CombineKind combine, IrType wanted, long rows, long cols, ImmutableArray<DataObject> parts) =>
        wanted is MatrixType matrix ? Cells(combine, matrix, rows, cols, [.. parts.Select(p => (Matrix)p)]) : Frame(combine, rows, [.. parts.Select(p => (Frame)p)]);

    static Matrix Cells(CombineKind combine, MatrixType wanted, long rows, long cols, ImmutableArray<Matrix> parts)
    {
        var type = wanted.ValueType!.Value;
        bool sparse = wanted.Representation == Representation.Sparse;
        if (type == ValueTypeCode.Str) return Strings(combine, rows, cols, parts);
        if (sparse && combine == CombineKind.Rows && parts.All(CsrMatrix.Is)) return DenseMatrix.Dispatch<SparseRows, Matrix>(type, new(rows, cols, parts));
        if (sparse && combine == CombineKind.Cols && parts.All(CsrMatrix.Is)) return DenseMatrix.Dispatch<SparseCols, Matrix>(type, new(rows, cols, parts));
        var dense = DenseMatrix.Dispatch<Visitor, Matrix>(type, new(combine, rows, cols, parts));
        if (!sparse) return dense;
        try
        {
            return DenseMatrix.Dispatch<Packing, Matrix>(dense, default);
        }
        finally
        {
            dense.Release();
        }
    }

    readonly struct Visitor(CombineKind combine, long rows, long cols, ImmutableArray<Matrix> parts) : IStorageVisitor<Matrix>
    {
        public Matrix Visit<T>() where T : unmanaged
        {
            DenseMatrix<T>[] typed = [.. parts.Select(Dense<T>)];
            try
            {
                var result = DenseMatrix<T>.Allocate(rows, cols);
                switch (combine)
                {
                    case CombineKind.Rows: Below(typed, result); break;
                    case CombineKind.Cols: Beside(typed, result); break;
                    case CombineKind.Add: Fold(Op.EwAdd, typed, result); break;
                    case CombineKind.Min: Fold(Op.EwMin, typed, result); break;
                    case CombineKind.Max: Fold(Op.EwMax, typed, result); break;
                    default: throw new UnreachableException($"there is no way to combine by {combine}");
                }
                return result;
            }
            finally
            {
                foreach (var part in typed) part.Release();
            }
        }
    }

    // The caller owns it.
    static DenseMatrix<T> Dense<T>(Matrix part) where T : unmanaged
    {
        if (part is CsrMatrix<T> sparse)
        {
            var dense = DenseMatrix<T>.Allocate(part.Rows, part.Cols, zeroed: true);
            for (long r = 0; r < part.Rows; r++)
            {
                var columns = sparse.ColumnsOf(r);
                var values = sparse.ValuesOf(r);
                var row = dense.WritableRow(r);
                for (int i = 0; i < columns.Length; i++) row[columns[i]] = values[i];
            }
            return dense;
        }
        part.Retain();
        return (DenseMatrix<T>)part;
    }

    static void Below<T>(DenseMatrix<T>[] parts, DenseMatrix<T> result) where T : unmanaged
    {
        long row = 0;
        foreach (var part in parts)
        {
            CopyAt(part, result, row * result.Cols);
            row += part.Rows;
        }
    }

    static void Beside<T>(DenseMatrix<T>[] parts, DenseMatrix<T> result) where T : unmanaged
    {
        int first = 0;
        foreach (var part in parts)
        {
            for (long r = 0; r < result.Rows; r++) part.Row(r).CopyTo(result.WritableRow(r)[first..]);
            first += (int)part.Cols;
        }
    }

    static void Fold<T>(OpDef op, DenseMatrix<T>[] parts, DenseMatrix<T> result) where T : unmanaged
    {
        var kernel = EwBinary.Kernel<T>(op) ?? throw new NotSupportedException($"{op} has no kernel for {ValueTypes.Of<T>().DslName()}");
        CopyAt(parts[0], result, 0);
        foreach (var part in parts.Skip(1))
            foreach (var (start, length) in result.Chunks()) kernel.Apply(result.Span(start, length), part.Span(start, length), result.WritableSpan(start, length));
    }

    static void CopyAt<T>(DenseMatrix<T> part, DenseMatrix<T> result, long at) where T : unmanaged
    {
        foreach (var (start, length) in part.Chunks()) part.Span(start, length).CopyTo(result.WritableSpan(at + start, length));
    }
}
