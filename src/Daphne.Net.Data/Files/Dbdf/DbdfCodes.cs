using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>
/// The numbers that stand for value types in a <c>.dbdf</c> file. The original's code writes others than its page on the format lists, and no number means
/// the same type in both: so the metadata of a file says which of them its writer used.
/// </summary>
abstract class DbdfCodes
{
    /// <summary>What the original's code writes, and we.</summary>
    public static readonly DbdfCodes OfTheCode = new Code();

    /// <summary>What the page on the format lists.</summary>
    public static readonly DbdfCodes OfThePage = new Page();

    /// <summary>The value type, or null if the number stands for none that we have.</summary>
    public abstract ValueTypeCode? TypeOf(byte code);

    sealed class Code : DbdfCodes
    {
        public override ValueTypeCode? TypeOf(byte code) => code switch
        {
            WireFormat.Str => ValueTypeCode.Str,
            <= 7 or WireFormat.Bool => WireFormat.TypeOf(code),
            _ => null,
        };
    }

    sealed class Page : DbdfCodes
    {
        public override ValueTypeCode? TypeOf(byte code) => code switch
        {
            1 => ValueTypeCode.UI8,
            3 => ValueTypeCode.UI32,
            4 => ValueTypeCode.UI64,
            5 => ValueTypeCode.SI8,
            7 => ValueTypeCode.SI32,
            8 => ValueTypeCode.SI64,
            9 => ValueTypeCode.F32,
            10 => ValueTypeCode.F64,
            _ => null,
        };
    }
}
