using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

// CASE: each value is computed for the rows that take it and for no others.
sealed partial class SqlCells
{
    Matrix Chosen(SqlChoice v, SqlRows rows)
    {
        List<(DenseMatrix<long> At, Matrix Cells)> parts = [];
        var open = SqlTruth.All(rows.Count);
        for (int i = 0; i < v.Conditions.Count && open.Rows > 0; i++)
        {
            using var left = rows.At(open, v.Conditions[i].Columns(), run);
            var (yes, no) = With(v.Conditions[i], left, SqlTruth.Both);
            Add(v.Values[i], (DenseMatrix<long>)GatherRows.Of(open, yes, run));
            var rest = (DenseMatrix<long>)GatherRows.Of(open, no, run);
            yes.Release();
            no.Release();
            open.Release();
            open = rest;
        }
        Add(v.Otherwise, open);
        var result = v.Type == ValueTypeCode.Str ? Together(parts, rows.Count) : DenseMatrix.Dispatch<Parts, Matrix>(v.Type, new(parts, rows.Count));
        foreach (var (at, cells) in parts)
        {
            at.Release();
            cells.Release();
        }
        return result;

        void Add(SqlValue value, DenseMatrix<long> at)
        {
            using var taken = rows.At(at, value.Columns(), run);
            parts.Add((at, Of(value, taken)));
        }
    }

    static StringMatrix Together(List<(DenseMatrix<long> At, Matrix Cells)> parts, long count)
    {
        var result = StringMatrix.Allocate(count, 1, out var cells);
        foreach (var (at, part) in parts)
        {
            var to = at.Span(0, (int)at.Rows);
            var from = ((StringMatrix)part).Span;
            for (int i = 0; i < from.Length; i++) cells[(int)to[i]] = from[i];
        }
        return result;
    }

    readonly struct Parts(List<(DenseMatrix<long> At, Matrix Cells)> parts, long count) : IStorageVisitor<Matrix>
    {
        public unsafe Matrix Visit<T>() where T : unmanaged
        {
            var result = DenseMatrix<T>.Allocate(count, 1);
            foreach (var (at, cells) in parts)
            {
                T* from = ((DenseMatrix<T>)cells).Cell0;
                for (long i = 0; i < at.Rows; i++) result.Cell0[at.Cell0[i]] = from[i];
                GC.KeepAlive(cells);
            }
            return result;
        }
    }
}
