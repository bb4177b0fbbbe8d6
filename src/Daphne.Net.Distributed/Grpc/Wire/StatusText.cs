using System.Globalization;
using System.Text;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>The trailer <c>grpc-message</c>: UTF-8, percent-encoded outside printable ASCII.</summary>
static class StatusText
{
    public const string CodeHeader = "grpc-status", MessageHeader = "grpc-message";

    // Peers limit a header block to 8 KiB by default, and a block beyond it hides the status with the text.
    const int MostBytes = 4000;

    /// <summary>Encodes, cutting texts that would not fit a header block.</summary>
    public static string Encode(string text)
    {
        if (text.Length <= MostBytes && text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && !text.Contains('%')) return text;
        var encoded = new StringBuilder(Math.Min(text.Length + 16, MostBytes + 16));
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (encoded.Length > MostBytes - 12) return encoded.Append("...").ToString();
            foreach (byte b in bytes[..rune.EncodeToUtf8(bytes)])
                if (b is >= 0x20 and <= 0x7e and not (byte)'%') encoded.Append((char)b);
                else encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }
        return encoded.ToString();
    }

    /// <summary>Decodes; a stray percent sign stays as it is, bytes that are no UTF-8 become U+FFFD.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%')) return text;
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes[count++] = Convert.FromHexString(text.AsSpan(i + 1, 2))[0];
                i += 2;
            }
            else count += Encoding.UTF8.GetBytes(text.AsSpan(i, 1), bytes.AsSpan(count));
        }
        return Encoding.UTF8.GetString(bytes, 0, count);
    }
}
