namespace Daphne.Net.Kernels;

/// <summary>
/// Whole numbers 0 … span, all equally likely, drawn as libstdc++'s <c>uniform_int_distribution</c> draws them from a 32-bit generator: Lemire's
/// multiplication ("Fast random integer generation in an interval", 2019) below 2^32, digits of base 2^32 above.
/// </summary>
static class UniformIntegers
{
    /// <summary>The next number 0 … count - 1; count is at least 1.</summary>
    public static uint Below(MersenneTwister g, uint count)
    {
        while (true)
        {
            ulong product = (ulong)g.Next() * count;
            if ((uint)product >= count || (uint)product >= Bias(count)) return (uint)(product >> 32);     // the bias is below count, and dear
        }
    }

    /// <summary>The draws that Lemire's method refuses: those whose low half is below this.</summary>
    public static uint Bias(uint count) => (uint)-(int)count % count;

    /// <summary>The number that a draw stands for; false where the draw is refused.</summary>
    public static bool TryBelow(uint draw, uint count, uint bias, out uint value)
    {
        ulong product = (ulong)draw * count;
        value = (uint)(product >> 32);
        return (uint)product >= bias;
    }

    /// <summary>The next number 0 … span.</summary>
    public static ulong UpTo(MersenneTwister g, ulong span)
    {
        if (span < uint.MaxValue) return Below(g, (uint)span + 1);
        if (span == uint.MaxValue) return g.Next();
        while (true)
        {
            ulong high = UpTo(g, span >> 32) << 32, value = high + g.Next();
            if (value <= span && value >= high) return value;
        }
    }
}
