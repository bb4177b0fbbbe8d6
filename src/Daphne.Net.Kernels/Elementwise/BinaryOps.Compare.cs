using System.Numerics;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

// A comparison yields 1 or 0 of the operands' own type. A vector comparison yields all bits or none, and "all bits & 1.0" is 1.0.

/// <summary>1 where x equals y.</summary>
readonly struct Equal<T> : IBinaryOp<T> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x, T y) => x == y ? T.One : T.Zero;
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => Vector256.Equals(x, y) & Vector256<T>.One;
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => Vector512.Equals(x, y) & Vector512<T>.One;
}

/// <summary>1 where x differs from y.</summary>
readonly struct NotEqual<T> : IBinaryOp<T> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x, T y) => x != y ? T.One : T.Zero;
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => Vector256.AndNot(Vector256<T>.One, Vector256.Equals(x, y));
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => Vector512.AndNot(Vector512<T>.One, Vector512.Equals(x, y));
}

/// <summary>1 where x is smaller than y.</summary>
readonly struct Less<T> : IBinaryOp<T> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x, T y) => x < y ? T.One : T.Zero;
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => Vector256.LessThan(x, y) & Vector256<T>.One;
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => Vector512.LessThan(x, y) & Vector512<T>.One;
}

/// <summary>1 where x is smaller than or equal to y.</summary>
readonly struct LessOrEqual<T> : IBinaryOp<T> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x, T y) => x <= y ? T.One : T.Zero;
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => Vector256.LessThanOrEqual(x, y) & Vector256<T>.One;
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => Vector512.LessThanOrEqual(x, y) & Vector512<T>.One;
}

/// <summary>The same operator with its operands swapped: x &gt; y is y &lt; x.</summary>
readonly struct Swapped<T, TOp> : IBinaryOp<T> where T : unmanaged where TOp : struct, IBinaryOp<T>
{
    public static bool IsVectorized => TOp.IsVectorized;
    public static T Invoke(T x, T y) => TOp.Invoke(y, x);
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => TOp.Invoke(y, x);
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => TOp.Invoke(y, x);
}
