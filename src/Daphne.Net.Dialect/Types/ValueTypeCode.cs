namespace Daphne.Net.Dialect;

/// <summary>The type of one cell or scalar. The order is the order of generality: a smaller number is more general.</summary>
public enum ValueTypeCode : byte
{
    /// <summary>Text. Most general: anything joined with text becomes text.</summary>
    Str,
    /// <summary>IEEE 754 binary64.</summary>
    F64,
    /// <summary>IEEE 754 binary32.</summary>
    F32,
    /// <summary>Unsigned, 64 bits.</summary>
    UI64,
    /// <summary>Signed, 64 bits.</summary>
    SI64,
    /// <summary>A size or position (<c>index</c> in the IR): 64 bits, unsigned, less general than <see cref="SI64"/>.</summary>
    Size,
    /// <summary>Unsigned, 32 bits.</summary>
    UI32,
    /// <summary>Signed, 32 bits.</summary>
    SI32,
    /// <summary>Unsigned, 8 bits.</summary>
    UI8,
    /// <summary>Signed, 8 bits.</summary>
    SI8,
    /// <summary>False or true, stored as one byte 0 or 1.</summary>
    Bool,
}
