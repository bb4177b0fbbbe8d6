using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

/// <summary>
/// e to the power of x; within 0.9 ulp as far as tests have looked. Every width does the same steps, fused where it says so, hence the same bits:
/// x = k ln 2 + r with |r| up to 0.35, then 1 + r + r² (1/2 + r/6 + …), then times 2^k in two halves, because 2^k alone may not be representable.
/// f32 goes through f64.
/// </summary>
readonly struct Exponential<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool IsVectorized => true;

    public static T Invoke(T x) => T.CreateTruncating(ExponentialOfDouble.Of(double.CreateTruncating(x)));

    public static Vector256<T> Invoke(Vector256<T> x)
    {
        if (typeof(T) == typeof(double)) return ExponentialOfDouble.Of(x.AsDouble()).As<double, T>();
        var (low, high) = Vector256.Widen(x.AsSingle());
        return Vector256.Narrow(ExponentialOfDouble.Of(low), ExponentialOfDouble.Of(high)).As<float, T>();
    }

    public static Vector512<T> Invoke(Vector512<T> x)
    {
        if (typeof(T) == typeof(double)) return ExponentialOfDouble.Of(x.AsDouble()).As<double, T>();
        var (low, high) = Vector512.Widen(x.AsSingle());
        return Vector512.Narrow(ExponentialOfDouble.Of(low), ExponentialOfDouble.Of(high)).As<float, T>();
    }
}

static class ExponentialOfDouble
{
    // Beyond these everything is 0 or inf; k stays small enough for its two halves.
    const double Least = -746, Most = 710;
    const double Log2E = 1.4426950408889634, Ln2High = 0.6931471803691238, Ln2Low = 1.9082149292705877e-10;
    // Adding it rounds to a whole number, which is then found in the lowest bits.
    const double Magic = 6755399441055744.0;
    const long One = 0x3FF0000000000000;

    // 1/2!, 1/3!, …, 1/13!: the first term left out is below 5e-18.
    const double C2 = 1.0 / 2, C3 = 1.0 / 6, C4 = 1.0 / 24, C5 = 1.0 / 120, C6 = 1.0 / 720, C7 = 1.0 / 5040, C8 = 1.0 / 40320, C9 = 1.0 / 362880,
        C10 = 1.0 / 3628800, C11 = 1.0 / 39916800, C12 = 1.0 / 479001600, C13 = 1.0 / 6227020800;

    public static double Of(double x) => Of(Vector256.CreateScalarUnsafe(x)).ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Of(Vector256<double> x)
    {
        Vector256<double> most = Vector256.Create(Most), least = Vector256.Create(Least), magic = Vector256.Create(Magic);
        x = Vector256.ConditionalSelect(Vector256.GreaterThan(x, most), most, x);
        x = Vector256.ConditionalSelect(Vector256.LessThan(x, least), least, x);
        var k = Vector256.FusedMultiplyAdd(x, Vector256.Create(Log2E), magic) - magic;
        var r = Vector256.FusedMultiplyAdd(k, Vector256.Create(-Ln2Low), Vector256.FusedMultiplyAdd(k, Vector256.Create(-Ln2High), x));
        var p = Vector256.Create(C13);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C12));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C11));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C10));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C9));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C8));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C7));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C6));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C5));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C4));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C3));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C2));
        p = Vector256<double>.One + Vector256.FusedMultiplyAdd(p, r * r, r);
        var half = Vector256.FusedMultiplyAdd(k, Vector256.Create(0.5), magic);
        var rest = k - (half - magic) + magic;
        return p * ((half.AsInt64() << 52) + Vector256.Create(One)).AsDouble() * ((rest.AsInt64() << 52) + Vector256.Create(One)).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Of(Vector512<double> x)
    {
        Vector512<double> most = Vector512.Create(Most), least = Vector512.Create(Least), magic = Vector512.Create(Magic);
        x = Vector512.ConditionalSelect(Vector512.GreaterThan(x, most), most, x);
        x = Vector512.ConditionalSelect(Vector512.LessThan(x, least), least, x);
        var k = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), magic) - magic;
        var r = Vector512.FusedMultiplyAdd(k, Vector512.Create(-Ln2Low), Vector512.FusedMultiplyAdd(k, Vector512.Create(-Ln2High), x));
        var p = Vector512.Create(C13);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C12));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C11));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C10));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C9));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C8));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C7));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C6));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C5));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C4));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C3));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C2));
        p = Vector512<double>.One + Vector512.FusedMultiplyAdd(p, r * r, r);
        var half = Vector512.FusedMultiplyAdd(k, Vector512.Create(0.5), magic);
        var rest = k - (half - magic) + magic;
        return p * ((half.AsInt64() << 52) + Vector512.Create(One)).AsDouble() * ((rest.AsInt64() << 52) + Vector512.Create(One)).AsDouble();
    }
}
