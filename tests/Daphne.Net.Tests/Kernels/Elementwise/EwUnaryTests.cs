using System.Numerics;
using System.Reflection;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Tests.Kernels;

public sealed class EwUnaryTests
{
    static readonly OpDef[] keeping = [Op.EwMinus, Op.EwAbs, Op.EwSign, Op.EwRound, Op.EwFloor, Op.EwCeil, Op.EwIsNan, Op.Relu];
    static readonly OpDef[] all = [.. Op.All.Where(op => op.Is(OpTraits.Elementwise) && op is { Arity: 1, Type: not TypeRule.Text } && op != Op.Cast)];

    [Fact] public void Doubles_agree_with_the_reference() => Check<double>(all, Reference);
    [Fact] public void Floats_agree_with_the_reference() => Check<float>(all, Reference);
    [Fact] public void Longs_agree_with_the_reference() => Check<long>(keeping, Reference);
    [Fact] public void ULongs_agree_with_the_reference() => Check<ulong>(keeping, Reference);
    [Fact] public void Ints_agree_with_the_reference() => Check<int>(keeping, Reference);
    [Fact] public void UInts_agree_with_the_reference() => Check<uint>(keeping, Reference);
    [Fact] public void SBytes_agree_with_the_reference() => Check<sbyte>(keeping, Reference);
    [Fact] public void Bytes_agree_with_the_reference() => Check<byte>(keeping, Reference);
    [Fact] public void Bools_agree_with_the_reference() => Check<bool>(keeping, (op, x) => op != Op.EwIsNan && x);

    static double Reference(OpDef op, double x) => op.Name switch
    {
        "ewMinus" => -x,
        "ewAbs" => Math.Abs(x),
        "ewSign" => double.IsNaN(x) ? x : x > 0 ? 1 : x < 0 ? -1 : 0,
        "ewExp" => Exponential<double>.Invoke(x),   // the values themselves are checked by ExponentialTests
        "ewLn" => NaturalLogarithm<double>.Invoke(x),
        "ewSqrt" => Math.Sqrt(x),
        "ewRound" => Math.CopySign(Math.Floor(Math.Abs(x)) + (Math.Abs(x) - Math.Floor(Math.Abs(x)) >= 0.5 ? 1 : 0), x),
        "ewFloor" => Math.Floor(x),
        "ewCeil" => Math.Ceiling(x),
        "ewSin" => Math.Sin(x),
        "ewCos" => Math.Cos(x),
        "ewTan" => Math.Tan(x),
        "ewSinh" => Math.Sinh(x),
        "ewCosh" => Math.Cosh(x),
        "ewTanh" => Math.Tanh(x),
        "ewAsin" => Math.Asin(x),
        "ewAcos" => Math.Acos(x),
        "ewAtan" => Math.Atan(x),
        "ewIsnan" => double.IsNaN(x) ? 1 : 0,
        "NN_Relu_Forward" => x > 0 ? x : double.IsNaN(x) ? x : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op.Name),
    };

    static float Reference(OpDef op, float x) => op.Name switch
    {
        "ewSin" => MathF.Sin(x),
        "ewCos" => MathF.Cos(x),
        "ewTan" => MathF.Tan(x),
        "ewSinh" => MathF.Sinh(x),
        "ewCosh" => MathF.Cosh(x),
        "ewTanh" => MathF.Tanh(x),
        "ewAsin" => MathF.Asin(x),
        "ewAcos" => MathF.Acos(x),
        "ewAtan" => MathF.Atan(x),
        _ => (float)Reference(op, (double)x),
    };

    static T Reference<T>(OpDef op, T x) where T : unmanaged, IBinaryInteger<T>
    {
        var big = BigInteger.CreateChecked(x);
        return T.CreateTruncating(op.Name switch { "ewMinus" => -big, "ewAbs" => BigInteger.Abs(big), "ewSign" => big.Sign, "ewIsnan" => 0, "NN_Relu_Forward" => BigInteger.Max(big, 0), _ => big });
    }

    /// <summary>Every operator, every length, every width, in place and not.</summary>
    static void Check<T>(OpDef[] ops, Func<OpDef, T, T> reference) where T : unmanaged
    {
        foreach (var op in ops)
        {
            var kernel = Assert.IsAssignableFrom<EwUnaryKernel<T>>(EwUnary.Kernel<T>(op));
            foreach (int n in Cells.Lengths)
            {
                string what = $"{op.Name} of {typeof(T).Name}, {n} cells, seed {n}";
                T[] x = Cells.Random<T>(n, n), dst = new T[n];
                if (kernel.IsPartial) x = [.. x.Select(c => Defined(kernel, c) ? c : default)];
                T[] expected = [.. x.Select(c => reference(op, c))];

                kernel.Apply(x, dst);
                Cells.AssertSame<T>(expected, dst, what);
                if (typeof(T) != typeof(bool))
                    typeof(EwUnaryTests).GetMethod(nameof(CheckWidths), BindingFlags.NonPublic | BindingFlags.Static)!
                        .MakeGenericMethod(kernel.GetType().GetGenericArguments()).Invoke(null, [x, expected, what]);
                if (n > 0) Assert.True(Cells.Same(expected[0], kernel.Invoke(x[0])), what + ", one cell");
                kernel.Apply(x, x);
                Cells.AssertSame<T>(expected, x, what + ", in place");
            }
        }
    }

    static bool Defined<T>(EwUnaryKernel<T> kernel, T x) where T : unmanaged
    {
        try
        {
            kernel.Invoke(x);
            return true;
        }
        catch (RaisedException)
        {
            return false;
        }
    }

    static void CheckWidths<T, TOp>(T[] x, T[] expected, string what) where T : unmanaged where TOp : struct, IUnaryOp<T>
    {
        var dst = new T[x.Length];
        EwUnary.LoopScalar<T, TOp>(x, dst, 0);
        Cells.AssertSame<T>(expected, dst, what + ", scalar");
        if (!TOp.IsVectorized) return;
        int done = EwUnary.Loop256<T, TOp>(x, dst, 0);
        Assert.InRange(x.Length - done, 0, 31);
        Cells.AssertSame(expected.AsSpan(0, done), dst.AsSpan(0, done), what + ", 256 bits");
        done = EwUnary.Loop512<T, TOp>(x, dst, 0);
        Assert.InRange(x.Length - done, 0, 63);
        Cells.AssertSame(expected.AsSpan(0, done), dst.AsSpan(0, done), what + ", 512 bits");
    }

    [Theory]
    [InlineData("ewSqrt", -4.0, "sqrt(-4) has no result in cell [1, 5]")]
    [InlineData("ewLn", -0.5, "ln(-0.5) has no result in cell [1, 5]")]
    [InlineData("ewAsin", 1.5, "asin(1.5) has no result in cell [1, 5]")]
    [InlineData("ewAcos", -1.5, "acos(-1.5) has no result in cell [1, 5]")]
    public void A_cell_outside_the_domain_is_named_and_nothing_is_written(string name, double outside, string message)
    {
        var kernel = EwUnary.Kernel<double>(Op.ByFullName["daphne." + name])!;
        double[] x = new double[40], dst = new double[40];
        Array.Fill(dst, 7.0);
        (x[3], x[25]) = (double.NaN, outside);
        var error = Assert.Throws<RaisedException>(() => kernel.Apply(x, dst, new(First: 0, Cols: 20)));
        Assert.Equal(Diag.OutsideDomain, error.Def);
        Assert.Equal(message, error.Message);
        Assert.All(dst, cell => Assert.Equal(7.0, cell));
        Assert.Throws<RaisedException>(() => kernel.Invoke(outside));
        Assert.True(double.IsNaN(kernel.Invoke(double.NaN)));
    }
}
