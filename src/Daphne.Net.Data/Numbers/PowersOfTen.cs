namespace Daphne.Net.Data;

/// <summary>
/// 10^q to 128 bits: what exact conversion between decimal text and binary numbers needs in all but a handful of cases (the method of Eisel and Lemire,
/// "Number parsing at a gigabyte per second", 2021). 10^q = (High:Low + d) * 2^(<see cref="Log2"/> - 127) with 0 ≤ d &lt; 1, and d = 0 for 0 ≤ q ≤ 55.
/// </summary>
static partial class PowersOfTen
{
    public const int Least = -348, Most = 348;

    /// <summary>The largest q for which the row is 10^q itself.</summary>
    public const int MostExact = 55;

    public static ulong High(int q) => Table[2 * (q - Least)];

    public static ulong Low(int q) => Table[2 * (q - Least) + 1];

    /// <summary>floor(log2(10^q)).</summary>
    public static int Log2(int q) => (q * 217706) >> 16;
}
