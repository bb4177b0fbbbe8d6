using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class OuterTests
{
    [Fact]
    public void Every_outer_operation_is_its_elementwise_one_on_all_pairs()
    {
        var outers = Op.All.Where(op => op is { Shape: ShapeRule.Outer, Type: not TypeRule.Text }).ToArray();
        Assert.Equal(18, outers.Length);
        foreach (var op in outers)
            if (op.Type == TypeRule.PromoteInteger) Check<ulong>(op);
            else Check<double>(op);
    }

    static void Check<T>(OpDef op) where T : unmanaged
    {
        T[] a = Cells.Random<T>(40, seed: 1), b = Cells.Random<T>(70, seed: 2);
        var cell = EwBinary.Kernel<T>(Op.ByFullName["daphne.ew" + op.Name["outer".Length..]])!;
        var dst = DenseMatrix<T>.Allocate(40, 70);
        Outer.Apply(Outer.Kernel<T>(op)!, DenseMatrix<T>.Borrow(a, 40, 1), DenseMatrix<T>.Borrow(b, 1, 70), dst);
        Cells.AssertSame<T>([.. a.SelectMany(x => b.Select(y => cell.Invoke(x, y)))], dst.ToArray(), op.Name + ", seeds 1 and 2");
    }

    [Fact]
    public void Operands_that_are_not_a_column_and_a_row_are_an_error()
    {
        DenseMatrix<long> column = DenseMatrix<long>.Copy([1, 2], 2, 1), dst = DenseMatrix<long>.Allocate(2, 2);
        var error = Assert.Throws<RaisedException>(() => Outer.Apply(Outer.Kernel<long>(Op.OuterAdd)!, column, column, dst));
        Assert.Equal("an outer operation takes a column and a row, but the operands are 2x1 and 2x1", error.Message);
    }
}
