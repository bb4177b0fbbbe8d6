namespace Daphne.Net.Kernels;

/// <summary>Numbers in [0, 1) from draws of 32 bits, as libstdc++'s <c>generate_canonical</c> makes them: what rounds up to 1 becomes the number below 1.</summary>
static class UniformReals
{
    /// <summary>From two draws, the lower one first.</summary>
    public static double Double(uint low, uint high) =>
        Math.Min((high * 4294967296.0 + low) * (1 / 18446744073709551616.0), 1 - 1.0 / (1L << 53));

    /// <summary>From one draw.</summary>
    public static float Single(uint draw) => Math.Min(draw * (1 / 4294967296f), 1 - 1f / (1 << 24));
}
