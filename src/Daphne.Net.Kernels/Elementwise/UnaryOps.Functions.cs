using System.Numerics;
using System.Runtime.Intrinsics;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

// Where the C library's function is the definition, every width calls it cell by cell (exp and ln have files of their own).
// An argument outside the domain stops the script (nan passes); so ln(0) = -inf is fine and ln(-1) is not.

/// <summary>The square root, correctly rounded; -0.0 for -0.0.</summary>
readonly struct SquareRoot<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x) => T.Sqrt(x);
    public static Vector256<T> Invoke(Vector256<T> x) => Vector256.Sqrt(x);
    public static Vector512<T> Invoke(Vector512<T> x) => Vector512.Sqrt(x);
    public static bool IsPartial => true;
    public static bool IsDefined(T x) => !(x < T.Zero);
    public static bool AreDefined(Vector256<T> x) => !Vector256.LessThanAny(x, Vector256<T>.Zero);
    public static RaisedException Undefined(T x, string where) => Diag.OutsideDomain.Raise("sqrt", x, where, "numbers from 0 on");
}

/// <summary>The arc sine.</summary>
readonly struct ArcSine<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.Asin(x);
    public static bool IsPartial => true;
    public static bool IsDefined(T x) => !(T.Abs(x) > T.One);
    public static bool AreDefined(Vector256<T> x) => !Vector256.GreaterThanAny(Vector256.Abs(x), Vector256<T>.One);
    public static RaisedException Undefined(T x, string where) => Diag.OutsideDomain.Raise("asin", x, where, "numbers from -1 to 1");
}

/// <summary>The arc cosine.</summary>
readonly struct ArcCosine<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.Acos(x);
    public static bool IsPartial => true;
    public static bool IsDefined(T x) => !(T.Abs(x) > T.One);
    public static bool AreDefined(Vector256<T> x) => !Vector256.GreaterThanAny(Vector256.Abs(x), Vector256<T>.One);
    public static RaisedException Undefined(T x, string where) => Diag.OutsideDomain.Raise("acos", x, where, "numbers from -1 to 1");
}

/// <summary>The arc tangent.</summary>
readonly struct ArcTangent<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.Atan(x);
}

/// <summary>The sine.</summary>
readonly struct Sine<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.Sin(x);
}

/// <summary>The cosine.</summary>
readonly struct Cosine<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.Cos(x);
}

/// <summary>The tangent.</summary>
readonly struct Tangent<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.Tan(x);
}

/// <summary>The hyperbolic sine.</summary>
readonly struct HyperbolicSine<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.Sinh(x);
}

/// <summary>The hyperbolic cosine.</summary>
readonly struct HyperbolicCosine<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.Cosh(x);
}

/// <summary>The hyperbolic tangent.</summary>
readonly struct HyperbolicTangent<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.Tanh(x);
}
