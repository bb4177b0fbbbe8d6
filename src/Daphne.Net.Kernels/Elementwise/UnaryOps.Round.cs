using System.Numerics;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

// Vector256.Floor, Ceiling and Truncate exist for double and float only, not for T: hence the casts, which the JIT removes.

/// <summary>The largest whole number not above x.</summary>
readonly struct Floor<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x) => T.Floor(x);
    public static Vector256<T> Invoke(Vector256<T> x) =>
        typeof(T) == typeof(double) ? Vector256.Floor(x.AsDouble()).As<double, T>() : Vector256.Floor(x.AsSingle()).As<float, T>();
    public static Vector512<T> Invoke(Vector512<T> x) =>
        typeof(T) == typeof(double) ? Vector512.Floor(x.AsDouble()).As<double, T>() : Vector512.Floor(x.AsSingle()).As<float, T>();
}

/// <summary>The smallest whole number not below x.</summary>
readonly struct Ceiling<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool IsVectorized => true;
    public static T Invoke(T x) => T.Ceiling(x);
    public static Vector256<T> Invoke(Vector256<T> x) =>
        typeof(T) == typeof(double) ? Vector256.Ceiling(x.AsDouble()).As<double, T>() : Vector256.Ceiling(x.AsSingle()).As<float, T>();
    public static Vector512<T> Invoke(Vector512<T> x) =>
        typeof(T) == typeof(double) ? Vector512.Ceiling(x.AsDouble()).As<double, T>() : Vector512.Ceiling(x.AsSingle()).As<float, T>();
}

/// <summary>
/// The nearest whole number, halves away from zero: truncate(x + the number just below a half, with the sign of x). Adding a half itself would round
/// 0.49999999999999994 up.
/// </summary>
readonly struct Round<T> : IUnaryOp<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    static T JustBelowHalf => typeof(T) == typeof(double) ? T.CreateTruncating(0.49999999999999994) : T.CreateTruncating(0.49999997f);

    public static bool IsVectorized => true;
    public static T Invoke(T x) => T.Truncate(x + T.CopySign(JustBelowHalf, x));
    public static Vector256<T> Invoke(Vector256<T> x)
    {
        var moved = x + Vector256.CopySign(Vector256.Create(JustBelowHalf), x);
        return typeof(T) == typeof(double) ? Vector256.Truncate(moved.AsDouble()).As<double, T>() : Vector256.Truncate(moved.AsSingle()).As<float, T>();
    }
    public static Vector512<T> Invoke(Vector512<T> x)
    {
        var moved = x + Vector512.CopySign(Vector512.Create(JustBelowHalf), x);
        return typeof(T) == typeof(double) ? Vector512.Truncate(moved.AsDouble()).As<double, T>() : Vector512.Truncate(moved.AsSingle()).As<float, T>();
    }
}
