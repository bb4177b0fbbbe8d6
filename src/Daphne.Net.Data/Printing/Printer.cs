using System.Buffers;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>How values look where a script prints them.</summary>
public static class Printer
{
    /// <summary>The value as <c>print</c> shows it: a scalar or string without a line end, a data object with its header and a line end after every line.</summary>
    public static void Print(in Datum value, IBufferWriter<byte> utf8)
    {
        if (!value.IsScalar) value.Object.Print(utf8);
        else if (value.Type == ValueTypeCode.Str) Put(value.Text, utf8);
        else Put(NumberText.Print(value.Type!.Value, value.Bits), utf8);
    }

    /// <summary>The value as <c>print</c> shows it, to a writer.</summary>
    public static void Print(in Datum value, TextWriter writer)
    {
        if (value.IsScalar)
        {
            writer.Write(ToText(value));
            return;
        }
        var sink = new TextSink(writer);
        value.Object.Print(sink);
        sink.Flush();
    }

    /// <summary>The value as <c>print</c> shows it, as a string.</summary>
    public static string ToText(in Datum value)
    {
        if (value.IsScalar) return value.Type == ValueTypeCode.Str ? value.Text : NumberText.Print(value.Type!.Value, value.Bits);
        var buffer = new ArrayBufferWriter<byte>();
        value.Object.Print(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>What the value adds to a string: <c>"a" + 1.5</c> is <c>a1.500000</c>.</summary>
    /// <exception cref="InvalidOperationException">It is a data object.</exception>
    public static string Concatenated(in Datum value) => value.Type switch
    {
        null => throw new InvalidOperationException("a data object is not a part of a string"),
        ValueTypeCode.Str => value.Text,
        { } type => NumberText.Concatenated(type, value.Bits),
    };

    /// <summary>What <c>typeOf</c> answers: the C++ name of a scalar's type, <c>const char*</c> for a string, the print header of a data object.</summary>
    public static string TypeOf(in Datum value) => value.Type switch
    {
        null => value.Object.Header,
        ValueTypeCode.Str => "const char*",
        { } type => type.PrintedName(),
    };

    internal static void Put(ReadOnlySpan<char> text, IBufferWriter<byte> utf8) => Encoding.UTF8.GetBytes(text, utf8);

    internal static void Put(byte one, IBufferWriter<byte> utf8)
    {
        utf8.GetSpan(1)[0] = one;
        utf8.Advance(1);
    }
}
