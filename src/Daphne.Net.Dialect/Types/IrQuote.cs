using System.Text;

namespace Daphne.Net.Dialect;

/// <summary>Strings in IR text: printable ASCII as it is, a backslash doubled, every other byte of the UTF-8 form as <c>\XX</c>.</summary>
public static class IrQuote
{
    /// <summary>The string with its quotes.</summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (byte b in Encoding.UTF8.GetBytes(value))
            if (b == '\\') text.Append("\\\\");
            else if (b is >= 0x20 and < 0x7F and not (byte)'"') text.Append((char)b);
            else text.Append('\\').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        return text.Append('"').ToString();
    }
}
