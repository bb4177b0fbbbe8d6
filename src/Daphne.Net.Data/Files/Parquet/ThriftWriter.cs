using System.Buffers;
using System.Text;

namespace Daphne.Net.Data;

/// <summary>Writes the compact protocol of Thrift.</summary>
sealed class ThriftWriter(ArrayBufferWriter<byte> bytes)
{
    readonly Stack<int> outer = new();
    int last;

    public ThriftWriter Integer(int id, int value) => Number(id, ThriftType.I32, value);

    public ThriftWriter Long(int id, long value) => Number(id, ThriftType.I64, value);

    public ThriftWriter Text(int id, string value)
    {
        Head(id, ThriftType.Binary);
        return Element(value);
    }

    public ThriftWriter Flag(int id, bool value) => Head(id, value ? ThriftType.True : ThriftType.False);

    /// <summary>A field of one byte.</summary>
    public ThriftWriter Small(int id, byte value)
    {
        Head(id, ThriftType.Byte);
        Printer.Put(value, bytes);
        return this;
    }

    /// <summary>Begins a list; its elements follow.</summary>
    public ThriftWriter List(int id, ThriftType element, int count)
    {
        Head(id, ThriftType.List);
        if (count < 15) Printer.Put((byte)(count << 4 | (int)element), bytes);
        else
        {
            Printer.Put((byte)(0xF0 | (int)element), bytes);
            Varint((ulong)count);
        }
        return this;
    }

    /// <summary>A number in a list.</summary>
    public ThriftWriter Element(int value)
    {
        ZigZag(value);
        return this;
    }

    /// <summary>A string in a list.</summary>
    public ThriftWriter Element(string value)
    {
        Varint((ulong)Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, bytes);
        return this;
    }

    /// <summary>Begins a struct that is a field.</summary>
    public ThriftWriter Begin(int id)
    {
        Head(id, ThriftType.Struct);
        return Begin();
    }

    /// <summary>Begins a struct that is an element of a list.</summary>
    public ThriftWriter Begin()
    {
        outer.Push(last);
        last = 0;
        return this;
    }

    /// <summary>Ends a struct; the outermost one as well.</summary>
    public ThriftWriter End()
    {
        Printer.Put((byte)ThriftType.Stop, bytes);
        last = outer.Count > 0 ? outer.Pop() : 0;
        return this;
    }

    ThriftWriter Number(int id, ThriftType type, long value)
    {
        Head(id, type);
        ZigZag(value);
        return this;
    }

    // The ids of Parquet rise by less than 15.
    ThriftWriter Head(int id, ThriftType type)
    {
        Printer.Put((byte)((id - last) << 4 | (int)type), bytes);
        last = id;
        return this;
    }

    void ZigZag(long value) => Varint((ulong)(value << 1 ^ value >> 63));

    void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) Printer.Put((byte)(value | 0x80), bytes);
        Printer.Put((byte)value, bytes);
    }
}
