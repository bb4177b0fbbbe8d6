using System.Buffers;
using System.Text;

namespace Daphne.Net.Data;

/// <summary>Takes UTF-8 in pieces of any size and passes it on to a <see cref="TextWriter"/> in large ones. Call <see cref="Flush"/> at the end.</summary>
public sealed class TextSink(TextWriter writer) : IBufferWriter<byte>
{
    readonly Decoder decoder = Encoding.UTF8.GetDecoder();
    readonly char[] chars = GC.AllocateUninitializedArray<char>(8 * 1024);
    byte[] bytes = GC.AllocateUninitializedArray<byte>(8 * 1024);
    int used;

    /// <inheritdoc/>
    public void Advance(int count) => used += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return bytes.AsMemory(used);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return bytes.AsSpan(used);
    }

    /// <summary>Writes everything taken so far; the writer itself is not flushed.</summary>
    public void Flush()
    {
        for (int at = 0; at < used;)
        {
            decoder.Convert(bytes.AsSpan(at, used - at), chars, flush: false, out int taken, out int made, out _);
            writer.Write(chars.AsSpan(0, made));
            at += taken;
        }
        used = 0;
    }

    void Reserve(int size)
    {
        size = Math.Max(size, 1);
        if (bytes.Length - used >= size) return;
        Flush();
        if (bytes.Length < size) bytes = new byte[size];
    }
}
