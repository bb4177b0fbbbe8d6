using System.Numerics;
using System.Runtime.Intrinsics;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

// Where the C library's function is the definition, every width calls it cell by cell (exp and ln have files of their own).
// An argument outside the domain stops the script (nan passes); so ln(0) = -inf is fine and ln(-1) is not.

/// <summary>The square root, correctly rounded; -0.0 for -0.0.</summary>
public readonly struct SquareRoot<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static bool IsVectorized => true;
    /// <inheritdoc/>
    public static T Invoke(T x) => T.Sqrt(x);
    /// <inheritdoc/>
    public static Vector256<T> Invoke(Vector256<T> x) => Vector256.Sqrt(x);
    /// <inheritdoc/>
    public static Vector512<T> Invoke(Vector512<T> x) => Vector512.Sqrt(x);
    /// <inheritdoc/>
    public static bool IsPartial => true;
    /// <inheritdoc/>
    public static bool IsDefined(T x) => !(x < T.Zero);
    /// <inheritdoc/>
    public static bool AreDefined(Vector256<T> x) => !Vector256.LessThanAny(x, Vector256<T>.Zero);
    /// <inheritdoc/>
    public static RaisedException Undefined(T x, string where) => Diag.OutsideDomain.Raise("sqrt", x, where, "numbers from 0 on");
}

/// <summary>The arc sine.</summary>
public readonly struct ArcSine<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static T Invoke(T x) => T.Asin(x);
    /// <inheritdoc/>
    public static bool IsPartial => true;
    /// <inheritdoc/>
    public static bool IsDefined(T x) => !(T.Abs(x) > T.One);
    /// <inheritdoc/>
    public static bool AreDefined(Vector256<T> x) => !Vector256.GreaterThanAny(Vector256.Abs(x), Vector256<T>.One);
    /// <inheritdoc/>
    public static RaisedException Undefined(T x, string where) => Diag.OutsideDomain.Raise("asin", x, where, "numbers from -1 to 1");
}

/// <summary>The arc cosine.</summary>
public readonly struct ArcCosine<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static T Invoke(T x) => T.Acos(x);
    /// <inheritdoc/>
    public static bool IsPartial => true;
    /// <inheritdoc/>
    public static bool IsDefined(T x) => !(T.Abs(x) > T.One);
    /// <inheritdoc/>
    public static bool AreDefined(Vector256<T> x) => !Vector256.GreaterThanAny(Vector256.Abs(x), Vector256<T>.One);
    /// <inheritdoc/>
    public static RaisedException Undefined(T x, string where) => Diag.OutsideDomain.Raise("acos", x, where, "numbers from -1 to 1");
}

/// <summary>The arc tangent.</summary>
public readonly struct ArcTangent<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static T Invoke(T x) => T.Atan(x);
}

/// <summary>The sine.</summary>
public readonly struct Sine<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static T Invoke(T x) => T.Sin(x);
}

/// <summary>The cosine.</summary>
public readonly struct Cosine<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static T Invoke(T x) => T.Cos(x);
}

/// <summary>The tangent.</summary>
public readonly struct Tangent<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static T Invoke(T x) => T.Tan(x);
}

/// <summary>The hyperbolic sine.</summary>
public readonly struct HyperbolicSine<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static T Invoke(T x) => T.Sinh(x);
}

/// <summary>The hyperbolic cosine.</summary>
public readonly struct HyperbolicCosine<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static T Invoke(T x) => T.Cosh(x);
}

/// <summary>The hyperbolic tangent.</summary>
public readonly struct HyperbolicTangent<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static T Invoke(T x) => T.Tanh(x);
}
