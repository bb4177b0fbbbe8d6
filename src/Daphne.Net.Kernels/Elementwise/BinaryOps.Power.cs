using System.Numerics;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

/// <summary>x to the power of y. The exponents 2 and -1 are one correctly rounded operation here, in every form of operands.</summary>
readonly struct Power<T> : IBinaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x, T y) => y == T.One + T.One ? x * x : y == T.NegativeOne ? T.One / x : T.Pow(x, y);
}

/// <summary>x to the power of y of integers: through f64 and back, as the language has it, so results beyond 2^53 are rounded.</summary>
readonly struct PowerIntegers<T> : IBinaryOp<T> where T : unmanaged, IBinaryInteger<T>
{
    public static T Invoke(T x, T y) => CastCell.FromDouble<T>(Math.Pow(double.CreateTruncating(x), double.CreateTruncating(y)));
}

/// <summary>The logarithm of x to the base of y; nan, not an error, where there is none.</summary>
readonly struct Logarithm<T> : IBinaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    // Not Math.Log(x, y), which has other answers for the bases 0 and 1.
    public static T Invoke(T x, T y) => NaturalLogarithm<T>.Invoke(x) / NaturalLogarithm<T>.Invoke(y);
    public static bool IsVectorized => true;
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => NaturalLogarithm<T>.Invoke(x) / NaturalLogarithm<T>.Invoke(y);
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => NaturalLogarithm<T>.Invoke(x) / NaturalLogarithm<T>.Invoke(y);
}
