using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class OuterTests
{
    [Fact]
    public void Every_outer_operation_is_its_elementwise_one_on_all_pairs()
    {
        var outers = Op.All.Where(op => op.Shape == ShapeRule.Outer).ToArray();
        Assert.Equal(15, outers.Length);
        double[] a = Cells.Random<double>(40, seed: 1), b = Cells.Random<double>(70, seed: 2);
        foreach (var op in outers)
        {
            var cell = EwBinary.Kernel<double>(Op.ByFullName["daphne.ew" + op.Name["outer".Length..]])!;
            var dst = DenseMatrix<double>.Allocate(40, 70);
            Outer.Apply(Outer.Kernel<double>(op)!, DenseMatrix<double>.Borrow(a, 40, 1), DenseMatrix<double>.Borrow(b, 1, 70), dst);
            Cells.AssertSame<double>([.. a.SelectMany(x => b.Select(y => cell.Invoke(x, y)))], dst.ToArray(), op.Name + ", seeds 1 and 2");
        }
    }

    [Fact]
    public void Operands_that_are_not_a_column_and_a_row_are_an_error()
    {
        DenseMatrix<long> column = DenseMatrix<long>.Copy([1, 2], 2, 1), dst = DenseMatrix<long>.Allocate(2, 2);
        var error = Assert.Throws<RaisedException>(() => Outer.Apply(Outer.Kernel<long>(Op.OuterAdd)!, column, column, dst));
        Assert.Equal("an outer operation takes a column and a row, but the operands are 2x1 and 2x1", error.Message);
    }
}
