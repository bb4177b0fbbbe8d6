namespace Daphne.Net.Kernels;

/// <summary>When a value counts as true.</summary>
public static class Condition
{
    /// <summary>True for every number but zero and nan.</summary>
    public static bool Holds<T>(T x) where T : unmanaged => !EqualityComparer<T>.Default.Equals(x, default) && !IsNan(x);

    internal static bool IsNan<T>(T x) =>
        typeof(T) == typeof(double) ? double.IsNaN((double)(object)x!) : typeof(T) == typeof(float) && float.IsNaN((float)(object)x!);
}
