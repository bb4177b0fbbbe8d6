namespace Daphne.Net.Data;

/// <summary>What conversion from decimal text must know of a binary floating-point format.</summary>
interface IBinaryFormat
{
    /// <summary>Stored bits of the mantissa.</summary>
    static abstract int MantissaBits { get; }

    /// <summary>The exponent whose biased form is 0.</summary>
    static abstract int LeastExponent { get; }

    /// <summary>The biased exponent of infinity.</summary>
    static abstract int InfiniteExponent { get; }

    /// <summary>Powers of ten below are zero with any 64-bit factor, above are infinite.</summary>
    static abstract (int Least, int Most) Powers { get; }

    /// <summary>Only with these powers of ten can w * 10^q lie exactly between two neighbours.</summary>
    static abstract (int Least, int Most) TiePowers { get; }
}

readonly struct Binary64 : IBinaryFormat
{
    public static int MantissaBits => 52;
    public static int LeastExponent => -1023;
    public static int InfiniteExponent => 0x7FF;
    public static (int Least, int Most) Powers => (-342, 308);
    public static (int Least, int Most) TiePowers => (-4, 23);
}

readonly struct Binary32 : IBinaryFormat
{
    public static int MantissaBits => 23;
    public static int LeastExponent => -127;
    public static int InfiniteExponent => 0xFF;
    public static (int Least, int Most) Powers => (-65, 38);
    public static (int Least, int Most) TiePowers => (-17, 10);
}
