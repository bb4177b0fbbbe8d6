using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

/// <summary>What a cell contributes to a sum: itself, itself as f64, its squared distance from a center. Vector forms give the same bits.</summary>
interface ICellTerm<T, TAcc> where T : unmanaged where TAcc : unmanaged
{
    static abstract TAcc Of(T x, TAcc center);
    static virtual bool IsVectorized => false;
    static virtual Vector256<TAcc> Load256(ref T cells, nuint at, Vector256<TAcc> center) => throw new UnreachableException();
    static virtual Vector512<TAcc> Load512(ref T cells, nuint at, Vector512<TAcc> center) => throw new UnreachableException();
}

/// <summary>The cell itself.</summary>
readonly struct Plain<T> : ICellTerm<T, T> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => true;
    public static T Of(T x, T center) => x;
    public static Vector256<T> Load256(ref T cells, nuint at, Vector256<T> center) => Vector256.LoadUnsafe(ref cells, at);
    public static Vector512<T> Load512(ref T cells, nuint at, Vector512<T> center) => Vector512.LoadUnsafe(ref cells, at);
}

/// <summary>The cell as f64.</summary>
readonly struct AsDouble<T> : ICellTerm<T, double> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => typeof(T) == typeof(double) || typeof(T) == typeof(float);
    public static double Of(T x, double center) => double.CreateTruncating(x);

    public static Vector256<double> Load256(ref T cells, nuint at, Vector256<double> center) => typeof(T) == typeof(float)
        ? Vector256.WidenLower(Vector128.LoadUnsafe(ref Unsafe.As<T, float>(ref cells), at).ToVector256Unsafe())
        : Vector256.LoadUnsafe(ref Unsafe.As<T, double>(ref cells), at);

    public static Vector512<double> Load512(ref T cells, nuint at, Vector512<double> center) => typeof(T) == typeof(float)
        ? Vector512.WidenLower(Vector256.LoadUnsafe(ref Unsafe.As<T, float>(ref cells), at).ToVector512Unsafe())
        : Vector512.LoadUnsafe(ref Unsafe.As<T, double>(ref cells), at);
}

/// <summary>(x - center)², rounded after each of its two steps: a fused step would give other bits where there is none.</summary>
readonly struct SquaredDistance<T> : ICellTerm<T, double> where T : unmanaged, INumber<T>
{
    public static bool IsVectorized => AsDouble<T>.IsVectorized;

    public static double Of(T x, double center)
    {
        double d = AsDouble<T>.Of(x, 0) - center;
        return d * d;
    }

    public static Vector256<double> Load256(ref T cells, nuint at, Vector256<double> center)
    {
        var d = AsDouble<T>.Load256(ref cells, at, center) - center;
        return d * d;
    }

    public static Vector512<double> Load512(ref T cells, nuint at, Vector512<double> center)
    {
        var d = AsDouble<T>.Load512(ref cells, at, center) - center;
        return d * d;
    }
}
