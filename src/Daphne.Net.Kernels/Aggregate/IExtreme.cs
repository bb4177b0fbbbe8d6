using System.Numerics;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

/// <summary>Smallest or largest. As a binary operator it keeps the left operand unless the right one is strictly better, so a nan on the right loses.</summary>
interface IExtreme<T> : IBinaryOp<T> where T : unmanaged
{
    /// <summary>What everything beats or equals: the extreme of no cells.</summary>
    static abstract T Identity { get; }

    static abstract bool Beats(T x, T best);

    static abstract Vector256<T> Beats(Vector256<T> x, Vector256<T> best);
}

readonly struct Smallest<T> : IExtreme<T> where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Identity => typeof(T) == typeof(double) || typeof(T) == typeof(float) ? T.CreateTruncating(double.PositiveInfinity) : T.MaxValue;
    public static bool Beats(T x, T best) => x < best;
    public static Vector256<T> Beats(Vector256<T> x, Vector256<T> best) => Vector256.LessThan(x, best);
    public static bool IsVectorized => true;
    public static T Invoke(T x, T y) => Minimum<T>.Invoke(x, y);
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => Minimum<T>.Invoke(x, y);
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => Minimum<T>.Invoke(x, y);
}

readonly struct Largest<T> : IExtreme<T> where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Identity => typeof(T) == typeof(double) || typeof(T) == typeof(float) ? T.CreateTruncating(double.NegativeInfinity) : T.MinValue;
    public static bool Beats(T x, T best) => x > best;
    public static Vector256<T> Beats(Vector256<T> x, Vector256<T> best) => Vector256.GreaterThan(x, best);
    public static bool IsVectorized => true;
    public static T Invoke(T x, T y) => Maximum<T>.Invoke(x, y);
    public static Vector256<T> Invoke(Vector256<T> x, Vector256<T> y) => Maximum<T>.Invoke(x, y);
    public static Vector512<T> Invoke(Vector512<T> x, Vector512<T> y) => Maximum<T>.Invoke(x, y);
}
