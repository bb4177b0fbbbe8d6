using Daphne.Net.Compiler;
using Daphne.Net.Data;
using Daphne.Net.Language;

namespace Daphne.Net.Runtime;

/// <summary>IN over constants.</summary>
static class SqlMembers
{
    /// <summary>1 where a cell is one of the constants, which are of its type.</summary>
    public static Matrix Of(Matrix column, NodeList<SqlConstant> constants) => column is StringMatrix text
        ? Flags(text.Span, new HashSet<string>(constants.Select(c => (string)c.Value), StringComparer.Ordinal))
        : DenseMatrix.Dispatch<Numbers, Matrix>(column, new(constants));

    static DenseMatrix<long> Flags<T>(ReadOnlySpan<T> cells, HashSet<T> members)
    {
        var result = DenseMatrix<long>.Allocate(cells.Length, 1);
        var flags = result.WritableSpan(0, cells.Length);
        for (int i = 0; i < flags.Length; i++) flags[i] = members.Contains(cells[i]) ? 1 : 0;
        return result;
    }

    readonly struct Numbers(NodeList<SqlConstant> constants) : IMatrixVisitor<Matrix>
    {
        public Matrix Visit<T>(DenseMatrix<T> column) where T : unmanaged =>
            Flags(column.Span(0, checked((int)column.Rows)), [.. constants.Select(SqlConstants.Scalar<T>)]);
    }
}
