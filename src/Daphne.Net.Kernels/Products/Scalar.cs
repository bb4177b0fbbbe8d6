using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Daphne.Net.Kernels;

/// <summary>What <see cref="ILanes{T,V}"/> does to registers, for one f64 or f32.</summary>
static class Scalar
{
    /// <summary>x * y + z, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MultiplyAdd<T>(T x, T y, T z) where T : unmanaged
    {
        if (typeof(T) == typeof(double)) return (T)(object)Math.FusedMultiplyAdd((double)(object)x, (double)(object)y, (double)(object)z);
        if (typeof(T) == typeof(float)) return (T)(object)MathF.FusedMultiplyAdd((float)(object)x, (float)(object)y, (float)(object)z);
        throw new UnreachableException($"{typeof(T)} is no float");
    }
}
