using System.Buffers;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>A value of a computation: one that lies on the worker, or a small one that goes there or comes from there with the call and is not kept.</summary>
/// <param name="Handle">Of a carried one only its rows and columns.</param>
/// <param name="Carried">The bytes of a carried one, as <see cref="ValueWriter"/> writes them; empty for what lies on the worker.</param>
public readonly record struct CallValue(Handle Handle, ReadOnlyMemory<byte> Carried = default)
{
    /// <summary>Most bytes of a value that is carried: to send them again with each call takes less than a call of their own.</summary>
    public const int Most = 16 << 10;

    /// <summary>Most bytes of all results that one answer carries.</summary>
    internal const int MostInAnswer = 2 * Most;

    // Texts and rows of sparse matrices take more memory than bytes.
    const int MemoryPerByte = 64;

    /// <summary>True if it lies nowhere but here.</summary>
    public bool IsCarried => !Carried.IsEmpty;

    /// <summary>Of one that goes with a call: the memory it takes, which is what reports count.</summary>
    internal long Size { get; private init; }

    /// <summary>A value in so many bytes, or null where it takes more or has no encoding.</summary>
    internal static CallValue? TryCarry(in Datum value, long most)
    {
        long size = ValueSize.Of(value);
        if (size > most) return null;
        ReadOnlySequence<byte> bytes;
        try
        {
            bytes = ValueWriter.Bytes(value);
        }
        catch (RaisedException)
        {
            return null;   // who sends it says why
        }
        return bytes.Length <= most ? new CallValue(ValueStore.HandleOf("", value), bytes.ToArray()) { Size = size } : null;
    }

    /// <summary>The value it carries; the caller owns it.</summary>
    /// <exception cref="RaisedException">The bytes are malformed.</exception>
    internal Datum Read() => ValueReader.Read(new(Carried), (long)MemoryPerByte * Math.Max(Carried.Length, 64));
}
