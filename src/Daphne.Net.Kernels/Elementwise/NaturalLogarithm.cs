using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// The natural logarithm, within 1 ulp, by the scheme of Sun's fdlibm: x = 2^k (1 + f) with 1 + f between √½ and √2, s = f / (2 + f),
/// ln(1 + f) = f - f²/2 + s (f²/2 + R(s²)). Every width does the same steps, hence the same bits. f32 goes through f64. A negative cell is an error.
/// </summary>
readonly struct NaturalLogarithm<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool IsVectorized => true;

    public static T Invoke(T x) => T.CreateTruncating(LogarithmOfDouble.Of(Vector256.CreateScalarUnsafe(double.CreateTruncating(x))).ToScalar());

    public static Vector256<T> Invoke(Vector256<T> x)
    {
        if (typeof(T) == typeof(double)) return LogarithmOfDouble.Of(x.AsDouble()).As<double, T>();
        var (low, high) = Vector256.Widen(x.AsSingle());
        return Vector256.Narrow(LogarithmOfDouble.Of(low), LogarithmOfDouble.Of(high)).As<float, T>();
    }

    // The division is what takes the time, and a wide one is two narrow ones.
    public static Vector512<T> Invoke(Vector512<T> x) => Vector512.Create(Invoke(x.GetLower()), Invoke(x.GetUpper()));

    public static bool IsPartial => true;
    public static bool IsDefined(T x) => !(x < T.Zero);
    public static bool AreDefined(Vector256<T> x) => !Vector256.LessThanAny(x, Vector256<T>.Zero);
    public static RaisedException Undefined(T x, string where) => Diag.OutsideDomain.Raise("ln", x, where, "numbers from 0 on");
}

static class LogarithmOfDouble
{
    const double Ln2High = 0.6931471803691238, Ln2Low = 1.9082149292705877e-10;
    const double LeastNormal = 2.2250738585072014e-308, TwoTo54 = 18014398509481984, TwoTo52 = 4503599627370496;
    const ulong RootOfHalf = 0x3FE6A09E667F3BCD, One = 0x3FF0000000000000, Whole = 0x4330000000000000;
    const double C1 = 6.666666666666735130e-01, C2 = 3.999999999940941908e-01, C3 = 2.857142874366239149e-01, C4 = 2.222219843214978396e-01,
        C5 = 1.818357216161805012e-01, C6 = 1.531383769920937332e-01, C7 = 1.479819860511658591e-01;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Of(Vector256<double> x)
    {
        var tiny = Vector256.LessThan(x, Vector256.Create(LeastNormal));
        var bits = Vector256.ConditionalSelect(tiny, x * Vector256.Create(TwoTo54), x).AsUInt64();
        var exponent = (bits - Vector256.Create(RootOfHalf) + Vector256.Create(One)) >>> 52;
        var k = (exponent | Vector256.Create(Whole)).AsDouble() - Vector256.Create(TwoTo52 + 1023) - (tiny & Vector256.Create(54.0));
        var f = (bits - (exponent << 52) + Vector256.Create(One)).AsDouble() - Vector256<double>.One;

        var s = f / (Vector256.Create(2.0) + f);
        Vector256<double> z = s * s, w = z * z;
        var odd = Vector256.FusedMultiplyAdd(Vector256.FusedMultiplyAdd(Vector256.FusedMultiplyAdd(Vector256.Create(C7), w, Vector256.Create(C5)), w, Vector256.Create(C3)), w, Vector256.Create(C1));
        var even = Vector256.FusedMultiplyAdd(Vector256.FusedMultiplyAdd(Vector256.Create(C6), w, Vector256.Create(C4)), w, Vector256.Create(C2));
        var r = Vector256.FusedMultiplyAdd(z, odd, w * even);
        var square = Vector256.Create(0.5) * f * f;
        var ln = k * Vector256.Create(Ln2High) - (square - Vector256.FusedMultiplyAdd(s, square + r, k * Vector256.Create(Ln2Low)) - f);

        // 0 is -inf, a negative number nan; inf and nan are themselves.
        ln = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(double.PositiveInfinity)), ln, x);
        ln = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<double>.Zero), Vector256.Create(double.NaN), ln);
        return Vector256.ConditionalSelect(Vector256.Equals(x, Vector256<double>.Zero), Vector256.Create(double.NegativeInfinity), ln);
    }
}
