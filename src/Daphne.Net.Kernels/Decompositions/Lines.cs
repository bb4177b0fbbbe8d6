using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Daphne.Net.Kernels;

/// <summary>
/// Loops over cells that lie side by side, of which the unblocked parts of decompositions are made. Always 256 bits, in a fixed number of lanes with
/// fused steps, so that every machine gets the same bits.
/// </summary>
static unsafe class Lines<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The distance from 1 to the next number.</summary>
    public static readonly T Epsilon = T.BitIncrement(T.One) - T.One;

    /// <summary>The least normal number.</summary>
    public static readonly T Least = typeof(T) == typeof(float) ? T.CreateTruncating(1.17549435e-38f) : T.CreateTruncating(2.2250738585072014e-308);

    /// <summary>The sum of x[i] * y[i], in four vectors of lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Dot(T* x, T* y, long count)
    {
        int width = Vector256<T>.Count;
        Vector256<T> s0 = default, s1 = default, s2 = default, s3 = default;
        long i = 0;
        for (; i <= count - 4 * width; i += 4 * width)
        {
            s0 = Lanes256<T>.MultiplyAdd(Vector256.Load(x + i), Vector256.Load(y + i), s0);
            s1 = Lanes256<T>.MultiplyAdd(Vector256.Load(x + i + width), Vector256.Load(y + i + width), s1);
            s2 = Lanes256<T>.MultiplyAdd(Vector256.Load(x + i + 2 * width), Vector256.Load(y + i + 2 * width), s2);
            s3 = Lanes256<T>.MultiplyAdd(Vector256.Load(x + i + 3 * width), Vector256.Load(y + i + 3 * width), s3);
        }
        for (; i <= count - width; i += width) s0 = Lanes256<T>.MultiplyAdd(Vector256.Load(x + i), Vector256.Load(y + i), s0);
        var lanes = s0 + s1 + (s2 + s3);
        T sum = lanes[0];
        for (int lane = 1; lane < width; lane++) sum += lanes[lane];
        for (; i < count; i++) sum = Scalar.MultiplyAdd(x[i], y[i], sum);
        return sum;
    }

    /// <summary>The sum of all cells, in the lanes of one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Sum(T* x, long count)
    {
        Vector256<T> lanes = default;
        long i = 0;
        for (; i <= count - Vector256<T>.Count; i += Vector256<T>.Count) lanes += Vector256.Load(x + i);
        T sum = lanes[0];
        for (int lane = 1; lane < Vector256<T>.Count; lane++) sum += lanes[lane];
        for (; i < count; i++) sum += x[i];
        return sum;
    }

    /// <summary>to[i] += factor * x[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(T factor, T* x, T* to, long count)
    {
        var factors = Vector256.Create(factor);
        long i = 0;
        for (; i <= count - Vector256<T>.Count; i += Vector256<T>.Count)
            Lanes256<T>.MultiplyAdd(factors, Vector256.Load(x + i), Vector256.Load(to + i)).Store(to + i);
        for (; i < count; i++) to[i] = Scalar.MultiplyAdd(factor, x[i], to[i]);
    }

    /// <summary>x[i] *= factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(T factor, T* x, long count)
    {
        var factors = Vector256.Create(factor);
        long i = 0;
        for (; i <= count - Vector256<T>.Count; i += Vector256<T>.Count) (Vector256.Load(x + i) * factors).Store(x + i);
        for (; i < count; i++) x[i] *= factor;
    }

    /// <summary>The largest absolute value; nan if there is one.</summary>
    public static T Largest(T* x, long count)
    {
        T largest = T.Zero;
        for (long i = 0; i < count; i++)
        {
            T size = T.Abs(x[i]);
            if (size > largest || T.IsNaN(size)) largest = size;
            if (T.IsNaN(largest)) return largest;
        }
        return largest;
    }

    /// <summary>The power of two by which a matrix is multiplied so that its largest cell is near 1: squares then neither overflow nor vanish, and nothing is rounded.</summary>
    public static T ToUnit(T largest) => largest == T.Zero || !T.IsFinite(largest) ? T.One : T.ScaleB(T.One, Math.Clamp(-T.ILogB(largest), -MostExponent, MostExponent));

    // 2 to this power and its inverse are both normal numbers.
    static readonly int MostExponent = typeof(T) == typeof(float) ? 126 : 1022;
}
