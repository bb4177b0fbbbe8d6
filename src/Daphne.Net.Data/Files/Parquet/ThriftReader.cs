using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Reads the compact protocol of Thrift, in which Parquet writes its footer and page headers. Whatever the bytes are, it ends and allocates nothing.</summary>
ref struct ThriftReader(ReadOnlySpan<byte> bytes, string path)
{
    const int Deepest = 32;

    readonly ReadOnlySpan<byte> bytes = bytes;
    int at = 0;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => at;

    /// <summary>The next field of a struct: adds to <paramref name="id"/>, which begins with 0. False at the end of the struct.</summary>
    public bool NextField(ref int id, out ThriftType type)
    {
        byte head = Byte();
        type = (ThriftType)(head & 15);
        if (type == ThriftType.Stop) return false;
        id = head >> 4 is var delta and not 0 ? id + delta : (short)ZigZag();
        return true;
    }

    /// <summary>A whole number of any width.</summary>
    public long Integer(ThriftType type) => type switch
    {
        ThriftType.I16 or ThriftType.I32 or ThriftType.I64 => ZigZag(),
        ThriftType.Byte => (sbyte)Byte(),
        _ => throw Wrong($"a field is of type {(int)type} and not a number"),
    };

    /// <summary>A whole number that fits 32 bits.</summary>
    public int Int32(ThriftType type) => Integer(type) is >= int.MinValue and <= int.MaxValue and var n ? (int)n : throw Wrong("a number is too large");

    /// <summary>Bytes or the UTF-8 of a string.</summary>
    public ReadOnlySpan<byte> Binary(ThriftType type)
    {
        if (type != ThriftType.Binary) throw Wrong($"a field is of type {(int)type} and not a string");
        ulong length = Varint();
        if (length > (ulong)(bytes.Length - at)) throw Ended();
        at += (int)length;
        return bytes.Slice(at - (int)length, (int)length);
    }

    /// <summary>The number of elements of a list, and their type. Every element takes at least a byte.</summary>
    public int List(ThriftType type, out ThriftType element)
    {
        if (type is not (ThriftType.List or ThriftType.Set)) throw Wrong($"a field is of type {(int)type} and not a list");
        byte head = Byte();
        element = (ThriftType)(head & 15);
        ulong count = head >> 4 is var few and not 15 ? (ulong)few : Varint();
        return count <= (ulong)(bytes.Length - at) ? (int)count : throw Ended();
    }

    /// <summary>Throws unless it is a struct.</summary>
    public readonly void Struct(ThriftType type)
    {
        if (type != ThriftType.Struct) throw Wrong($"a field is of type {(int)type} and not a struct");
    }

    /// <summary>Passes over a value.</summary>
    public void Skip(ThriftType type) => Skip(type, 0);

    void Skip(ThriftType type, int depth)
    {
        if (depth > Deepest) throw Wrong("its metadata is nested too deeply");
        switch (type)
        {
            case ThriftType.True or ThriftType.False: break;
            case ThriftType.Byte: _ = Byte(); break;
            case ThriftType.I16 or ThriftType.I32 or ThriftType.I64: _ = Varint(); break;
            case ThriftType.Double: Advance(sizeof(double)); break;
            case ThriftType.Binary: _ = Binary(type); break;
            case ThriftType.List or ThriftType.Set:
                for (int n = List(type, out var element); n > 0; n--) SkipElement(element, depth);
                break;
            case ThriftType.Map:
                ulong pairs = Varint();
                if (pairs == 0) break;
                byte types = Byte();
                for (; pairs > 0; pairs--)
                {
                    SkipElement((ThriftType)(types >> 4), depth);
                    SkipElement((ThriftType)(types & 15), depth);
                }
                break;
            case ThriftType.Struct:
                for (int id = 0; NextField(ref id, out var field);) Skip(field, depth + 1);
                break;
            default: throw Wrong($"there is no field type {(int)type}");
        }
    }

    // Outside a struct a truth value has a byte of its own.
    void SkipElement(ThriftType type, int depth)
    {
        if (type is ThriftType.True or ThriftType.False) _ = Byte();
        else Skip(type, depth + 1);
    }

    long ZigZag()
    {
        ulong n = Varint();
        return (long)(n >> 1) ^ -(long)(n & 1);
    }

    ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
        throw Wrong("a number has too many bytes");
    }

    byte Byte() => at < bytes.Length ? bytes[at++] : throw Ended();

    void Advance(int count)
    {
        if (count > bytes.Length - at) throw Ended();
        at += count;
    }

    readonly RaisedException Ended() => Wrong("its metadata ends too early");

    public readonly RaisedException Wrong(string what) => Diag.ParquetMalformed.Raise(path, what);
}

/// <summary>The types of the compact protocol.</summary>
enum ThriftType
{
    Stop,
    True,
    False,
    Byte,
    I16,
    I32,
    I64,
    Double,
    Binary,
    List,
    Set,
    Map,
    Struct,
}
