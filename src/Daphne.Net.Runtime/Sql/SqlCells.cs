using System.Diagnostics;
using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Computes values over rows: one new column each, or the input's own with one more owner.</summary>
sealed partial class SqlCells(Activation activation)
{
    readonly Activation activation = activation;
    readonly TaskRunner run = activation.Context.Tasks();

    /// <summary>The column of a value; the caller owns it.</summary>
    public Matrix Of(SqlValue value, SqlRows rows)
    {
        activation.Context.ThrowIfCancelled();
        switch (value)
        {
            case SqlColumn v:
                rows.Columns[v.Index].Retain();
                return rows.Columns[v.Index];
            case SqlConstant v: return SqlConstants.Column(v, rows.Count);
            case SqlCellwise v: return v.Arguments[0].Type == ValueTypeCode.Str ? Texts(v, rows) : DenseMatrix.Dispatch<Numbers, Matrix>(v.Arguments[0].Type, new(this, v, rows));
            case SqlConversion v: return Converted(v, rows);
            case SqlChoice v: return Chosen(v, rows);
            case SqlMember v: return With(v.Argument, rows, x => SqlMembers.Of(x, v.Constants));
            case SqlMatch v: return Matched(v, rows);
            case SqlLet v:
            {
                using var shared = new SqlRows(rows.Count, [.. v.Values.Select(value => Of(value, rows))]);
                return Of(v.Body, shared);
            }
            case SqlTextCall v: return SqlTexts.Of(v.Function, [.. v.Arguments.Select(a => Of(a, rows))]);
            default: throw new UnreachableException(value.GetType().Name);
        }
    }

    /// <summary>The positions of the rows for which all conditions hold, in order; each is computed only for the rows that those before it left.</summary>
    public DenseMatrix<long> Where(IEnumerable<SqlValue> conditions, SqlRows rows)
    {
        DenseMatrix<long>? positions = null;
        foreach (var condition in conditions)
        {
            if (positions is null)
            {
                positions = With(condition, rows, SqlTruth.Positions);
                continue;
            }
            var all = positions;
            using var left = rows.At(all, condition.Columns(), run);
            var kept = With(condition, left, SqlTruth.Positions);
            positions = (DenseMatrix<long>)GatherRows.Of(all, kept, run);
            kept.Release();
            all.Release();
        }
        return positions!;
    }

    TResult With<TResult>(SqlValue value, SqlRows rows, Func<Matrix, TResult> use)
    {
        var column = Of(value, rows);
        var result = use(column);
        column.Release();
        return result;
    }

    Matrix Converted(SqlConversion v, SqlRows rows) => With(v.Argument, rows, x => v.Type == ValueTypeCode.Str ? TextMatrixCells.Strings(x)
        : x is StringMatrix text ? DenseMatrix.Dispatch<Parsing, Matrix>(v.Type, new(text, v.Type))
        : DenseMatrix.Dispatch<Casting, Matrix>(v.Type, new(x)));

    Matrix Texts(SqlCellwise v, SqlRows rows)
    {
        StringMatrix left = (StringMatrix)Of(v.Arguments[0], rows), right = (StringMatrix)Of(v.Arguments[1], rows);
        ReadOnlySpan<string> x = left.Span, y = right.Span;
        Matrix result;
        if (v.Op == Op.EwConcat)
        {
            result = StringMatrix.Allocate(rows.Count, 1, out var joined);
            for (int i = 0; i < joined.Length; i++) joined[i] = x[i] + y[i];
        }
        else
        {
            var holds = TextSteps.Comparison(v.Op);
            var flags = DenseMatrix<long>.Allocate(rows.Count, 1);
            var cells = flags.WritableSpan(0, x.Length);
            for (int i = 0; i < cells.Length; i++) cells[i] = holds(TextOrder.Compare(x[i], y[i])) ? 1 : 0;
            result = flags;
        }
        left.Release();
        right.Release();
        return result;
    }

    DenseMatrix<long> Matched(SqlMatch v, SqlRows rows)
    {
        var texts = (StringMatrix)Of(v.Argument, rows);
        var result = DenseMatrix<long>.Allocate(rows.Count, 1);
        var cells = result.WritableSpan(0, texts.Span.Length);
        if (v.Pattern is SqlConstant { Value: string constant })
        {
            var pattern = new LikePattern(constant, v.Escape);
            for (int i = 0; i < cells.Length; i++) cells[i] = pattern.Matches(texts.Span[i]) ? 1 : 0;
        }
        else
        {
            var patterns = (StringMatrix)Of(v.Pattern, rows);
            for (int i = 0; i < cells.Length; i++) cells[i] = new LikePattern(patterns.Span[i], v.Escape).Matches(texts.Span[i]) ? 1 : 0;
            patterns.Release();
        }
        texts.Release();
        return result;
    }

    readonly struct Parsing(StringMatrix text, ValueTypeCode to) : IStorageVisitor<Matrix>
    {
        public Matrix Visit<T>() where T : unmanaged
        {
            var result = DenseMatrix<T>.Allocate(text.Rows, 1);
            var cells = result.WritableSpan(0, text.Span.Length);
            for (int i = 0; i < cells.Length; i++) cells[i] = Datum.FromBits<T>(TextMatrixCasts.Parse(text.Span[i], to));
            return result;
        }
    }

    readonly struct Casting(Matrix x) : IStorageVisitor<Matrix>
    {
        public Matrix Visit<T>() where T : unmanaged
        {
            // A condition that was brought to the type of the column it stands for may have it already in storage.
            if (x is not DenseMatrix<T>) return MatrixCast.To<T>(x.ValueType)(x);
            x.Retain();
            return x;
        }
    }

    readonly struct Numbers(SqlCells cells, SqlCellwise v, SqlRows rows) : IStorageVisitor<Matrix>
    {
        public Matrix Visit<T>() where T : unmanaged
        {
            if (v.Arguments.Count == 1) return Unary(EwUnary.Kernel<T>(v.Op) ?? throw NoKernel<T>());
            var kernel = EwBinary.Kernel<T>(v.Op) ?? throw NoKernel<T>();
            return v.Arguments[1] is SqlConstant y ? RightScalar(kernel, SqlConstants.Scalar<T>(y)) : v.Arguments[0] is SqlConstant x ? LeftScalar(kernel, SqlConstants.Scalar<T>(x)) : Binary(kernel);
        }

        DenseMatrix<T> Unary<T>(EwUnaryKernel<T> kernel) where T : unmanaged
        {
            var x = Argument<T>(0);
            var result = Over(x);
            ElementwiseRanges.Unary(cells.activation, kernel, x, result);
            x.Release();
            return result;
        }

        DenseMatrix<T> RightScalar<T>(EwBinaryKernel<T> kernel, T y) where T : unmanaged
        {
            var x = Argument<T>(0);
            var result = Over(x);
            ElementwiseRanges.RightScalar(cells.activation, kernel, x, y, result);
            x.Release();
            return result;
        }

        DenseMatrix<T> LeftScalar<T>(EwBinaryKernel<T> kernel, T x) where T : unmanaged
        {
            var y = Argument<T>(1);
            var result = Over(y);
            ElementwiseRanges.LeftScalar(cells.activation, kernel, x, y, result);
            y.Release();
            return result;
        }

        DenseMatrix<T> Binary<T>(EwBinaryKernel<T> kernel) where T : unmanaged
        {
            DenseMatrix<T> x = Argument<T>(0), y = Argument<T>(1);
            var result = Over(x);
            ElementwiseRanges.Binary(cells.activation, kernel, x, y, result);
            x.Release();
            y.Release();
            return result;
        }

        DenseMatrix<T> Argument<T>(int index) where T : unmanaged => (DenseMatrix<T>)cells.Of(v.Arguments[index], rows);

        // What was made for this operation alone takes its result.
        static DenseMatrix<T> Over<T>(DenseMatrix<T> x) where T : unmanaged
        {
            if (!x.IsExclusive) return DenseMatrix<T>.Allocate(x.Rows, 1);
            x.Retain();
            return x;
        }

        RaisedException NoKernel<T>() => Diag.NotThisTypeYet.Raise(v.Op.ScriptName, ValueTypes.Of<T>().DslName());
    }
}
