using System.Buffers.Binary;
using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>Reads a binary file from its beginning, little endian, through a buffer.</summary>
sealed class FileBytes(SafeFileHandle file, string path)
{
    readonly byte[] buffer = new byte[64 * 1024];
    int at, filled;
    long fileAt;

    /// <summary>Length of the file when it was opened.</summary>
    public long Length { get; } = RandomAccess.GetLength(file);

    /// <summary>Bytes that were not read yet.</summary>
    public long Left => Length - fileAt + filled - at;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>The next bytes, up to 64 KiB, valid until the next call.</summary>
    /// <exception cref="RaisedException">The file ends before.</exception>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (filled - at < count) Fill(count);
        at += count;
        return buffer.AsSpan(at - count, count);
    }

    /// <summary>Fills the span; long ones without the buffer.</summary>
    /// <exception cref="RaisedException">The file ends before.</exception>
    public void Read(Span<byte> bytes)
    {
        int buffered = Math.Min(bytes.Length, filled - at);
        buffer.AsSpan(at, buffered).CopyTo(bytes);
        at += buffered;
        bytes = bytes[buffered..];
        if (bytes.IsEmpty) return;
        if (FileAccess.ReadFully(file, path, bytes, fileAt) < bytes.Length) throw Ended();
        fileAt += bytes.Length;
    }

    /// <summary>Passes over so many bytes.</summary>
    /// <exception cref="RaisedException">The file ends before.</exception>
    public void Skip(long count)
    {
        if (count > Left) throw Ended();
        int buffered = (int)Math.Min(count, filled - at);
        at += buffered;
        fileAt += count - buffered;
    }

    void Fill(int count)
    {
        buffer.AsSpan(at, filled - at).CopyTo(buffer);
        (filled, at) = (filled - at, 0);
        int read = FileAccess.ReadFully(file, path, buffer.AsSpan(filled, (int)Math.Min(buffer.Length - filled, Math.Max(0, Length - fileAt))), fileAt);
        (filled, fileAt) = (filled + read, fileAt + read);
        if (filled < count) throw Ended();
    }

    RaisedException Ended() => Diag.DbdfMalformed.Raise(path, "it ends too early");
}
