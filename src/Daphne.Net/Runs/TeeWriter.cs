using System.Text;

namespace Daphne.Net;

/// <summary>Writes to two writers.</summary>
sealed class TeeWriter(TextWriter first, TextWriter second) : TextWriter
{
    public override Encoding Encoding => first.Encoding;

    public override void Write(char value)
    {
        first.Write(value);
        second.Write(value);
    }

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        first.Write(buffer);
        second.Write(buffer);
    }

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Flush() => second.Flush();
}
