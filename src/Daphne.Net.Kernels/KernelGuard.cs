using System.Diagnostics.CodeAnalysis;

namespace Daphne.Net.Kernels;

/// <summary>Checks at the edge of the unchecked loops: what fails here is a bug of the caller, not of a script.</summary>
static class KernelGuard
{
    public static void SameLength(int x, int dst)
    {
        if (x != dst) Fail(x, x, dst);
    }

    public static void SameLength(int x, int y, int dst)
    {
        if (x != dst || y != dst) Fail(x, y, dst);
    }

    [DoesNotReturn]
    static void Fail(int x, int y, int dst) => throw new ArgumentException($"spans of {x}, {y} and {dst} cells do not fit together");
}
