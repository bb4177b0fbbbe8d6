using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>Numbers from one value type to another, on their storage bits. Integers lie sign- or zero-extended in 64 bits, so only the target counts.</summary>
static class ScalarCast
{
    /// <summary>What makes the storage bits of a <paramref name="to"/> of those of a <paramref name="from"/>; null where they are the same.</summary>
    public static Func<ulong, ulong>? Between(ValueTypeCode from, ValueTypeCode to)
    {
        if (from == to) return null;
        return from switch
        {
            ValueTypeCode.F64 => FromDouble(to),
            ValueTypeCode.F32 => FromFloat(to),
            _ => FromInteger(from, to),
        };
    }

    static Func<ulong, ulong> FromDouble(ValueTypeCode to) => to switch
    {
        ValueTypeCode.F32 => static b => Datum.ToBits((float)Double(b)),
        ValueTypeCode.SI64 => static b => Datum.ToBits(CastCell.FromDouble<long>(Double(b))),
        ValueTypeCode.UI64 or ValueTypeCode.Size => static b => Datum.ToBits(CastCell.FromDouble<ulong>(Double(b))),
        ValueTypeCode.SI32 => static b => Datum.ToBits(CastCell.FromDouble<int>(Double(b))),
        ValueTypeCode.UI32 => static b => Datum.ToBits(CastCell.FromDouble<uint>(Double(b))),
        ValueTypeCode.SI8 => static b => Datum.ToBits(CastCell.FromDouble<sbyte>(Double(b))),
        ValueTypeCode.UI8 => static b => Datum.ToBits(CastCell.FromDouble<byte>(Double(b))),
        ValueTypeCode.Bool => static b => Double(b) != 0 ? 1UL : 0UL,
        _ => throw NoNumber(to),
    };

    // Every float is a double, so nothing is rounded on the way.
    static Func<ulong, ulong> FromFloat(ValueTypeCode to)
    {
        if (to == ValueTypeCode.F64) return static b => Datum.ToBits((double)Datum.FromBits<float>(b));
        var rest = FromDouble(to);
        return b => rest(Datum.ToBits((double)Datum.FromBits<float>(b)));
    }

    static Func<ulong, ulong>? FromInteger(ValueTypeCode from, ValueTypeCode to)
    {
        bool unsigned = from is ValueTypeCode.UI64 or ValueTypeCode.Size;
        return to switch
        {
            ValueTypeCode.F64 => unsigned ? static b => Datum.ToBits((double)b) : static b => Datum.ToBits((double)(long)b),
            ValueTypeCode.F32 => unsigned ? static b => Datum.ToBits((float)b) : static b => Datum.ToBits((float)(long)b),
            ValueTypeCode.SI64 or ValueTypeCode.UI64 or ValueTypeCode.Size => null,
            ValueTypeCode.SI32 => static b => Datum.ToBits((int)b),
            ValueTypeCode.UI32 => static b => (uint)b,
            ValueTypeCode.SI8 => static b => Datum.ToBits((sbyte)b),
            ValueTypeCode.UI8 => static b => (byte)b,
            ValueTypeCode.Bool => static b => b != 0 ? 1UL : 0UL,
            _ => throw NoNumber(to),
        };
    }

    static double Double(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    static RaisedException NoNumber(ValueTypeCode to) => Diag.NotThisTypeYet.Raise("a cast", to.DslName());
}
