using System.Numerics;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

/// <summary>-x; integers wrap.</summary>
readonly struct Negate<T> : IUnaryOp<T> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x) => unchecked(-x);
    public static Vector256<T> Invoke(Vector256<T> x) => -x;
    public static Vector512<T> Invoke(Vector512<T> x) => -x;
}

/// <summary>The absolute value; that of the smallest integer wraps.</summary>
readonly struct Absolute<T> : IUnaryOp<T> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;
    // T.Abs throws for the smallest integer. For floats it clears the sign, of -0.0 and nan as well, as the vectors do.
    public static T Invoke(T x) => typeof(T) == typeof(double) || typeof(T) == typeof(float) ? T.Abs(x) : x < T.Zero ? unchecked(T.Zero - x) : x;
    public static Vector256<T> Invoke(Vector256<T> x) => Vector256.Abs(x);
    public static Vector512<T> Invoke(Vector512<T> x) => Vector512.Abs(x);
}

/// <summary>-1, 0 or 1; 0 for -0.0, nan for nan.</summary>
readonly struct Signum<T> : IUnaryOp<T> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x) => x > T.Zero ? T.One : x < T.Zero ? unchecked(T.Zero - T.One) : T.IsNaN(x) ? x : T.Zero;
    public static Vector256<T> Invoke(Vector256<T> x)
    {
        var sign = (Vector256.GreaterThan(x, Vector256<T>.Zero) & Vector256<T>.One) - (Vector256.LessThan(x, Vector256<T>.Zero) & Vector256<T>.One);
        return Vector256.ConditionalSelect(Vector256.Equals(x, x), sign, x);
    }
    public static Vector512<T> Invoke(Vector512<T> x)
    {
        var sign = (Vector512.GreaterThan(x, Vector512<T>.Zero) & Vector512<T>.One) - (Vector512.LessThan(x, Vector512<T>.Zero) & Vector512<T>.One);
        return Vector512.ConditionalSelect(Vector512.Equals(x, x), sign, x);
    }
}

/// <summary>x where it is above zero, else 0; nan for nan.</summary>
readonly struct Rectify<T> : IUnaryOp<T> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x) => x <= T.Zero ? T.Zero : x;
    public static Vector256<T> Invoke(Vector256<T> x) => Vector256.AndNot(x, Vector256.LessThanOrEqual(x, Vector256<T>.Zero));
    public static Vector512<T> Invoke(Vector512<T> x) => Vector512.AndNot(x, Vector512.LessThanOrEqual(x, Vector512<T>.Zero));
}

/// <summary>1 where x is nan; integers never are.</summary>
readonly struct IsNan<T> : IUnaryOp<T> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x) => T.IsNaN(x) ? T.One : T.Zero;
    public static Vector256<T> Invoke(Vector256<T> x) => Vector256.AndNot(Vector256<T>.One, Vector256.Equals(x, x));
    public static Vector512<T> Invoke(Vector512<T> x) => Vector512.AndNot(Vector512<T>.One, Vector512.Equals(x, x));
}

/// <summary>x itself: rounding an integer.</summary>
readonly struct Unchanged<T> : IUnaryOp<T> where T : unmanaged
{
    public static bool IsVectorized => true;
    public static T Invoke(T x) => x;
    public static Vector256<T> Invoke(Vector256<T> x) => x;
    public static Vector512<T> Invoke(Vector512<T> x) => x;
}
