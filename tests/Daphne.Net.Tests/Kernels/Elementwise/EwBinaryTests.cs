using System.Numerics;
using System.Reflection;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class EwBinaryTests
{
    [Fact] public void Doubles_agree_with_the_reference() => Check<double>(BinaryReference.Floats, BinaryReference.Of);
    [Fact] public void Floats_agree_with_the_reference() => Check<float>(BinaryReference.Floats, BinaryReference.Of);
    [Fact] public void Longs_agree_with_the_reference() => Check<long>(BinaryReference.Integers, Whole<long>());
    [Fact] public void ULongs_agree_with_the_reference() => Check<ulong>(BinaryReference.Integers, Whole<ulong>());
    [Fact] public void Ints_agree_with_the_reference() => Check<int>(BinaryReference.Integers, Whole<int>());
    [Fact] public void UInts_agree_with_the_reference() => Check<uint>(BinaryReference.Integers, Whole<uint>());
    [Fact] public void SBytes_agree_with_the_reference() => Check<sbyte>(BinaryReference.Integers, Whole<sbyte>());
    [Fact] public void Bytes_agree_with_the_reference() => Check<byte>(BinaryReference.Integers, Whole<byte>());
    [Fact] public void Bools_agree_with_the_reference() => Check<bool>(BinaryReference.Integers, (op, x, y) =>
        op == Op.EwPow ? x || !y : !BinaryReference.Of(op, (BigInteger)(x ? 1 : 0), y ? 1 : 0).IsEven);

    static Func<OpDef, T, T, T> Whole<T>() where T : unmanaged, IBinaryInteger<T> => (op, x, y) => op == Op.EwPow
        ? CastCell.FromDouble<T>(Math.Pow(double.CreateTruncating(x), double.CreateTruncating(y)))
        : T.CreateTruncating(BinaryReference.Of(op, BigInteger.CreateChecked(x), BigInteger.CreateChecked(y)));

    /// <summary>Every operator, every length, every width, every operand form, in place and not.</summary>
    static void Check<T>(OpDef[] ops, Func<OpDef, T, T, T> reference) where T : unmanaged
    {
        foreach (var op in ops)
        {
            var kernel = Assert.IsAssignableFrom<EwBinaryKernel<T>>(EwBinary.Kernel<T>(op));
            foreach (int n in Cells.Lengths)
            {
                string what = $"{op.Name} of {typeof(T).Name}, {n} cells, seed {n}";
                T[] x = Cells.Random<T>(n, n), y = Cells.Random<T>(n, n + 1000), dst = new T[n];
                if (kernel.IsPartial) y = [.. y.Select(c => EqualityComparer<T>.Default.Equals(c, default) ? One<T>() : c)];
                T[] expected = [.. x.Zip(y, (a, b) => reference(op, a, b))];

                kernel.Apply(x, y, dst);
                Cells.AssertSame<T>(expected, dst, what);
                CheckWidths(kernel, x, y, expected, what);
                T[] inPlace = [.. x];
                kernel.Apply(inPlace, y, inPlace);
                Cells.AssertSame<T>(expected, inPlace, what + ", over x");
                inPlace = [.. y];
                kernel.Apply(x, inPlace, inPlace);
                Cells.AssertSame<T>(expected, inPlace, what + ", over y");

                if (n == 0) continue;
                kernel.ApplyRightScalar(x, y[0], dst);
                Cells.AssertSame<T>([.. x.Select(a => reference(op, a, y[0]))], dst, what + ", scalar right");
                kernel.ApplyLeftScalar(x[0], y, dst);
                Cells.AssertSame<T>([.. y.Select(b => reference(op, x[0], b))], dst, what + ", scalar left");
                Assert.True(Cells.Same(expected[0], kernel.Invoke(x[0], y[0])), what + ", one pair");
            }
        }
    }

    static T One<T>() where T : unmanaged => (T)Convert.ChangeType(1, typeof(T));

    static void CheckWidths<T>(EwBinaryKernel<T> kernel, T[] x, T[] y, T[] expected, string what) where T : unmanaged
    {
        if (kernel.GetType().GetGenericArguments() is not [_, var op] || typeof(T) == typeof(bool)) return;   // powers have a class of their own
        typeof(EwBinaryTests).GetMethod(nameof(CheckWidthsOf), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(typeof(T), op).Invoke(null, [x, y, expected, what]);
    }

    static void CheckWidthsOf<T, TOp>(T[] x, T[] y, T[] expected, string what) where T : unmanaged where TOp : struct, IBinaryOp<T>
    {
        var dst = new T[x.Length];
        EwBinary.LoopScalar<T, TOp>(x, y, dst, 0);
        Cells.AssertSame<T>(expected, dst, what + ", scalar");
        if (!TOp.IsVectorized) return;
        (string, Func<int>)[] widths =
        [
            ("256 bits", () => EwBinary.Loop256<T, TOp>(x, y, dst, 0)),
            ("512 bits", () => EwBinary.Loop512<T, TOp>(x, y, dst, 0)),
        ];
        foreach (var (width, loop) in widths)
        {
            Array.Clear(dst);
            int done = loop();
            Assert.InRange(x.Length - done, 0, 63);
            Cells.AssertSame(expected.AsSpan(0, done), dst.AsSpan(0, done), $"{what}, {width}");
        }
        if (x.Length == 0) return;
        T[] right = [.. x.Select(a => TOp.Invoke(a, y[0]))], left = [.. y.Select(b => TOp.Invoke(x[0], b))];
        int count = EwBinary.RightScalar256<T, TOp>(x, y[0], dst, 0);
        Cells.AssertSame(right.AsSpan(0, count), dst.AsSpan(0, count), what + ", scalar right, 256 bits");
        count = EwBinary.RightScalar512<T, TOp>(x, y[0], dst, 0);
        Cells.AssertSame(right.AsSpan(0, count), dst.AsSpan(0, count), what + ", scalar right, 512 bits");
        count = EwBinary.LeftScalar256<T, TOp>(x[0], y, dst, 0);
        Cells.AssertSame(left.AsSpan(0, count), dst.AsSpan(0, count), what + ", scalar left, 256 bits");
        count = EwBinary.LeftScalar512<T, TOp>(x[0], y, dst, 0);
        Cells.AssertSame(left.AsSpan(0, count), dst.AsSpan(0, count), what + ", scalar left, 512 bits");
    }

    [Fact]
    public void Scalars_have_their_own_rule_for_nan()
    {
        foreach (var op in (OpDef[])[Op.EwMin, Op.EwMax])
        {
            var kernel = EwBinary.Kernel<double>(op)!;
            Assert.Equal([double.NaN, double.NaN], [kernel.InvokeScalar(double.NaN, 1), kernel.InvokeScalar(1, double.NaN)]);
            Assert.Equal([double.NaN, 1], [kernel.Invoke(double.NaN, 1), kernel.Invoke(1, double.NaN)]);
        }
        Assert.Equal(-3, EwBinary.Kernel<long>(Op.EwMin)!.InvokeScalar(4, -3));
    }

    [Fact]
    public void Powers_of_integers_go_through_doubles()
    {
        var power = EwBinary.Kernel<long>(Op.EwPow)!;
        Assert.Equal([4052555153018976256, long.MinValue, 0, long.MinValue, -8], [power.Invoke(3, 39), power.Invoke(2, 64), power.Invoke(2, -1), power.Invoke(0, -1), power.Invoke(-2, 3)]);
        Assert.Equal(9223372036854775808, EwBinary.Kernel<ulong>(Op.EwPow)!.Invoke(2, 63));
    }

    [Fact]
    public void An_integer_divided_by_zero_is_named_and_nothing_is_written()
    {
        long[] x = [7, 8, 9, 10], y = [1, 2, 0, 4], dst = [-1, -1, -1, -1];
        foreach (var op in (OpDef[])[Op.EwDiv, Op.EwMod])
        {
            var kernel = EwBinary.Kernel<long>(op)!;
            var error = Assert.Throws<RaisedException>(() => kernel.Apply(x, y, dst, new(First: 100, Cols: 10)));
            Assert.Equal(Diag.IntegerDivisionByZero, error.Def);
            Assert.Equal($"9 {op.Token} 0: an integer has no quotient by zero in cell [10, 2]", error.Message);
            Assert.Equal([-1L, -1, -1, -1], dst);
            Assert.Equal($"7 {op.Token} 0: an integer has no quotient by zero", Assert.Throws<RaisedException>(() => kernel.InvokeScalar(7, 0)).Message);
            Assert.Throws<RaisedException>(() => kernel.ApplyRightScalar(x, 0, dst));
            Assert.Throws<RaisedException>(() => kernel.ApplyLeftScalar(5, y, dst));
            kernel.ApplyRightScalar([], 0, []);
        }
    }

    [Fact]
    public void Every_binary_row_of_the_operator_table_has_a_kernel()
    {
        var rows = Op.All.Where(op => op.Is(OpTraits.Elementwise) && op is { Arity: 2, Type: not TypeRule.Text });
        Assert.Empty(rows.Where(op => EwBinary.Kernel<double>(op) is null && EwBinary.Kernel<ulong>(op) is null).Select(op => op.Name));
    }
}
