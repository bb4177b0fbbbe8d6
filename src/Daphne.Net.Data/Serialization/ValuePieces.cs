using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Daphne.Net.Data;

/// <summary>The bytes of a value, in order: some written here, others where the cells lie.</summary>
sealed class ValuePieces
{
    const int Most = 1 << 30, Longest = 1 << 20, Shortest = 256;

    Piece? first, last;
    byte[] written = [];
    int used, next = Shortest;

    public void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        used += bytes.Length;
    }

    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Room(sizeof(ulong)), value);
        used += sizeof(ulong);
    }

    /// <summary>Its length in four bytes, and its UTF-8.</summary>
    public void Text(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        var room = Room(sizeof(uint) + length);
        BinaryPrimitives.WriteUInt32LittleEndian(room, (uint)length);
        used += sizeof(uint) + Encoding.UTF8.GetBytes(text, room[sizeof(uint)..]);
    }

    /// <summary>Bytes that stay where they are, as long as their owner lives.</summary>
    public unsafe void Borrow(DataObject owner, byte* bytes, long length)
    {
        if (length == 0) return;
        Close();
        for (long at = 0; at < length; at += Most) Append(new NativeBytes(owner, bytes + at, (int)Math.Min(Most, length - at)).Memory);
    }

    public ReadOnlySequence<byte> Sequence()
    {
        Close();
        return new(first!, 0, last!, last!.Memory.Length);
    }

    Span<byte> Room(int length)
    {
        if (written.Length - used < length)
        {
            Close();
            written = new byte[Math.Max(length, next)];
            // Pieces become longer, so that large values do not come in many.
            next = Math.Min(Longest, 2 * next);
        }
        return written.AsSpan(used);
    }

    void Close()
    {
        if (used == 0) return;
        Append(written.AsMemory(0, used));
        (written, used) = ([], 0);
    }

    void Append(ReadOnlyMemory<byte> bytes)
    {
        var piece = new Piece(bytes, last);
        first ??= piece;
        last = piece;
    }

    sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is null) return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
