using System.Numerics;
using System.Runtime.Intrinsics;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>x + y; integers wrap.</summary>
readonly struct Add<T> : IBinaryOp<T> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x, T y) => unchecked(x + y);
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => x + y;
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => x + y;
}

/// <summary>x - y; integers wrap.</summary>
readonly struct Subtract<T> : IBinaryOp<T> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x, T y) => unchecked(x - y);
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => x - y;
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => x - y;
}

/// <summary>x * y; integers wrap.</summary>
readonly struct Multiply<T> : IBinaryOp<T> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x, T y) => unchecked(x * y);
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => x * y;
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => x * y;
}

/// <summary>x / y of floats.</summary>
readonly struct Divide<T> : IBinaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x, T y) => x / y;
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => x / y;
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => x / y;
}

/// <summary>x / y of integers, truncated towards zero; the smallest number by -1 wraps.</summary>
readonly struct DivideIntegers<T> : IBinaryOp<T> where T : unmanaged, IBinaryInteger<T>
{
    // The machine's division traps on MinValue / -1.
    public static T Invoke(T x, T y) => T.IsNegative(y) && y == -T.One ? unchecked(T.Zero - x) : x / y;
    public static bool IsPartial => true;
    public static bool IsDefined(T x, T y) => y != T.Zero;
    public static RaisedException Undefined(T x, T y, string where) => Diag.IntegerDivisionByZero.Raise(x, "/", where);
}

/// <summary>The remainder of x / y with the sign of x (C's <c>fmod</c>), exact.</summary>
readonly struct Remainder<T> : IBinaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x, T y) => x % y;
}

/// <summary>The remainder of the truncated division of integers.</summary>
readonly struct RemainderIntegers<T> : IBinaryOp<T> where T : unmanaged, IBinaryInteger<T>
{
    public static T Invoke(T x, T y) => T.IsNegative(y) && y == -T.One ? T.Zero : x % y;
    public static bool IsPartial => true;
    public static bool IsDefined(T x, T y) => y != T.Zero;
    public static RaisedException Undefined(T x, T y, string where) => Diag.IntegerDivisionByZero.Raise(x, "%", where);
}
