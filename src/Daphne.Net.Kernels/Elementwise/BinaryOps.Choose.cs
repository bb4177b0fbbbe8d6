using System.Numerics;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

/// <summary>The smaller cell: the left one unless the right one is strictly smaller, so a nan on the left stays and one on the right loses. Of scalars, nan if either is.</summary>
readonly struct Minimum<T> : IBinaryOp<T> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x, T y) => y < x ? y : x;
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => Vector256.ConditionalSelect(Vector256.LessThan(y, x), y, x);
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => Vector512.ConditionalSelect(Vector512.LessThan(y, x), y, x);
    public static bool HasScalarRule => true;
    public static T InvokeScalar(T x, T y) => T.IsNaN(y) ? y : Invoke(x, y);
}

/// <summary>The larger cell, by the rules of <see cref="Minimum{T}"/>.</summary>
readonly struct Maximum<T> : IBinaryOp<T> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x, T y) => y > x ? y : x;
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => Vector256.ConditionalSelect(Vector256.GreaterThan(y, x), y, x);
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => Vector512.ConditionalSelect(Vector512.GreaterThan(y, x), y, x);
    public static bool HasScalarRule => true;
    public static T InvokeScalar(T x, T y) => T.IsNaN(y) ? y : Invoke(x, y);
}

/// <summary>1 where both cells are not zero.</summary>
readonly struct And<T> : IBinaryOp<T> where T : unmanaged, IBinaryInteger<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x, T y) => x != T.Zero && y != T.Zero ? T.One : T.Zero;
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) =>
        Vector256.AndNot(Vector256<T>.One, Vector256.Equals(x, Vector256<T>.Zero) | Vector256.Equals(y, Vector256<T>.Zero));
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) =>
        Vector512.AndNot(Vector512<T>.One, Vector512.Equals(x, Vector512<T>.Zero) | Vector512.Equals(y, Vector512<T>.Zero));
}

/// <summary>1 where a cell is not zero.</summary>
readonly struct Or<T> : IBinaryOp<T> where T : unmanaged, IBinaryInteger<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x, T y) => (x | y) != T.Zero ? T.One : T.Zero;
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => Vector256.AndNot(Vector256<T>.One, Vector256.Equals(x | y, Vector256<T>.Zero));
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => Vector512.AndNot(Vector512<T>.One, Vector512.Equals(x | y, Vector512<T>.Zero));
}

/// <summary>1 where one cell is zero and the other is not.</summary>
readonly struct Xor<T> : IBinaryOp<T> where T : unmanaged, IBinaryInteger<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x, T y) => x == T.Zero != (y == T.Zero) ? T.One : T.Zero;
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => (Vector256.Equals(x, Vector256<T>.Zero) ^ Vector256.Equals(y, Vector256<T>.Zero)) & Vector256<T>.One;
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => (Vector512.Equals(x, Vector512<T>.Zero) ^ Vector512.Equals(y, Vector512<T>.Zero)) & Vector512<T>.One;
}
