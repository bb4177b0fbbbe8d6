using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Each cell of a column with each cell of a row, by an elementwise operator.</summary>
public static class Outer
{
    static readonly Dictionary<OpDef, OpDef> operators = new()
    {
        [Op.OuterAdd] = Op.EwAdd,
        [Op.OuterSub] = Op.EwSub,
        [Op.OuterMul] = Op.EwMul,
        [Op.OuterDiv] = Op.EwDiv,
        [Op.OuterPow] = Op.EwPow,
        [Op.OuterMod] = Op.EwMod,
        [Op.OuterLog] = Op.EwLog,
        [Op.OuterMin] = Op.EwMin,
        [Op.OuterMax] = Op.EwMax,
        [Op.OuterAnd] = Op.EwAnd,
        [Op.OuterOr] = Op.EwOr,
        [Op.OuterXor] = Op.EwXor,
        [Op.OuterEq] = Op.EwEq,
        [Op.OuterNeq] = Op.EwNeq,
        [Op.OuterLt] = Op.EwLt,
        [Op.OuterLe] = Op.EwLe,
        [Op.OuterGt] = Op.EwGt,
        [Op.OuterGe] = Op.EwGe,
    };

    /// <summary>The elementwise kernel of an outer operation for one cell type; null if there is no such pairing.</summary>
    public static EwBinaryKernel<T>? Kernel<T>(OpDef op) where T : unmanaged => operators.TryGetValue(op, out var cell) ? EwBinary.Kernel<T>(cell) : null;

    /// <summary>dst[r, c] = x[r, 0] op y[0, c].</summary>
    /// <exception cref="RaisedException"><paramref name="x"/> is no column or <paramref name="y"/> no row, or a pair of cells has no result.</exception>
    public static void Apply<T>(EwBinaryKernel<T> kernel, DenseMatrix<T> x, DenseMatrix<T> y, DenseMatrix<T> dst) where T : unmanaged
    {
        if (x.Cols != 1 || y.Rows != 1) throw Diag.NotColumnAndRow.Raise(x.Shape(), y.Shape());
        if (dst.Rows != x.Rows || dst.Cols != y.Cols) throw new ArgumentException($"a column of {x.Rows} and a row of {y.Cols} do not fill a {dst.Shape()} matrix", nameof(dst));
        for (long row = 0; row < dst.Rows; row++) kernel.ApplyLeftScalar(x[row, 0], y.Row(0), dst.WritableRow(row), new(row * dst.Cols, dst.Cols));
    }
}
