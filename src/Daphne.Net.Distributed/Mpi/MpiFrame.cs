using System.Buffers.Binary;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed.Mpi;

/// <summary>What a frame asks or answers.</summary>
enum MpiVerb : byte
{
    Hello = 1, Store, Compute, Transfer, Free, Stats, CloseSession,
    /// <summary>Stop what this request does and free what it made; nobody answers.</summary>
    Cancel,
    /// <summary>Send no more of this request's value; nobody answers.</summary>
    Hold,
    /// <summary>Rank 0 lives; the answer, that the other one does.</summary>
    Beat,
    /// <summary>The job is over.</summary>
    Goodbye,
    /// <summary>The answer of a request that succeeded.</summary>
    Done,
    /// <summary>The answer of one that did not: reason, words.</summary>
    Failed,
    /// <summary>Look for rows in part of a CSV file.</summary>
    Scan,
    /// <summary>Read rows of a file.</summary>
    Read,
}

/// <summary>
/// A message between ranks: verb, number of the request, and what belongs to it. Every request that is answered is answered once, in any order. All ranks of
/// a job run one program, so the form is ours alone; <see cref="Protocol"/> refuses the case that they do not.
/// </summary>
sealed class MpiFrame
{
    public const int Protocol = 3, Tag = 1, FirstLaneTag = 16;

    const int Head = 9;

    static readonly UTF8Encoding text = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly byte[] bytes;
    readonly int from;

    MpiFrame(byte[] bytes, int from)
    {
        (this.bytes, this.from) = (bytes, from);
        (Verb, Request) = ((MpiVerb)bytes[0], BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(1)));
    }

    public MpiVerb Verb { get; }

    /// <summary>Given out by rank 0, never twice in a job.</summary>
    public long Request { get; }

    /// <summary>The bytes of a frame, in memory that does not move.</summary>
    public static byte[] Write(MpiVerb verb, long request, Action<BinaryWriter>? body = null)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write((byte)verb);
        writer.Write(request);
        body?.Invoke(writer);
        writer.Flush();
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)stream.Length, pinned: true);
        stream.GetBuffer().AsSpan(0, bytes.Length).CopyTo(bytes);
        return bytes;
    }

    /// <param name="bytes">A message.</param>
    /// <param name="from">The rank that sent it.</param>
    /// <exception cref="RaisedException">This is no frame.</exception>
    public static MpiFrame Read(byte[] bytes, int from) =>
        bytes.Length < Head ? throw Diag.MpiMalformed.Raise(from, $"{bytes.Length} bytes are too few for one")
        : !Enum.IsDefined((MpiVerb)bytes[0]) ? throw Diag.MpiMalformed.Raise(from, $"there is no kind {bytes[0]}")
        : new(bytes, from);

    /// <summary>What belongs to it.</summary>
    /// <param name="read">Reads all of it, in the order in which it was written.</param>
    /// <exception cref="RaisedException">It is something else.</exception>
    public T Parse<T>(Func<BinaryReader, T> read)
    {
        using var body = new BinaryReader(new MemoryStream(bytes, Head, bytes.Length - Head), text);
        try
        {
            var parsed = read(body);
            long more = body.Left();
            return more == 0 ? parsed : throw new InvalidDataException($"it goes on for {more} bytes behind its end");
        }
        catch (EndOfStreamException)
        {
            throw Malformed("it ends too early");
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException or DecoderFallbackException)
        {
            throw Malformed(e.Message);
        }
    }

    /// <summary>What is wrong with it.</summary>
    public RaisedException Malformed(string why) => Diag.MpiMalformed.Raise(from, $"{Verb} in {bytes.Length} bytes: {why}");
}

/// <summary>How the cells of a value that is stored come to a rank, and go on.</summary>
/// <param name="From">Who sends them.</param>
/// <param name="Next">Who gets them from this rank; 0, which stores nothing, for nobody.</param>
readonly record struct MpiWay(int From, int Next);

/// <summary>Things that stand in several frames.</summary>
static class MpiFrameParts
{
    public static void Write(this BinaryWriter writer, Handle handle)
    {
        writer.Write(handle.Id);
        writer.Write(handle.Rows);
        writer.Write(handle.Cols);
    }

    public static Handle ReadHandle(this BinaryReader reader) => new(reader.ReadString(), reader.ReadInt64(), reader.ReadInt64());

    public static void Write(this BinaryWriter writer, CallValue value)
    {
        writer.Write(value.Handle);
        writer.Write(value.Carried.Length);
        writer.Write(value.Carried.Span);
    }

    public static CallValue ReadCallValue(this BinaryReader reader) => new(reader.ReadHandle(), reader.ReadCounted());

    public static void Write(this BinaryWriter writer, MpiWay way)
    {
        writer.Write(way.From);
        writer.Write(way.Next);
    }

    public static MpiWay ReadWay(this BinaryReader reader) => new(reader.ReadInt32(), reader.ReadInt32());

    public static void Write<T>(this BinaryWriter writer, IReadOnlyCollection<T> items, Action<T> write)
    {
        writer.Write(items.Count);
        foreach (var item in items) write(item);
    }

    /// <exception cref="InvalidDataException">There cannot be so many.</exception>
    public static T[] ReadArray<T>(this BinaryReader reader, Func<T> read)
    {
        int count = reader.ReadInt32();
        if (count < 0 || count > reader.Left()) throw new InvalidDataException($"there is no room for {count} items");
        var items = new T[count];
        for (int i = 0; i < count; i++) items[i] = read();
        return items;
    }

    /// <summary>Bytes behind their number.</summary>
    /// <exception cref="InvalidDataException">There cannot be so many.</exception>
    public static byte[] ReadCounted(this BinaryReader reader)
    {
        int count = reader.ReadInt32();
        return count >= 0 && count <= reader.Left() ? reader.ReadBytes(count) : throw new InvalidDataException($"there is no room for {count} bytes of a value");
    }

    /// <summary>Bytes that are not read yet.</summary>
    public static long Left(this BinaryReader reader) => reader.BaseStream.Length - reader.BaseStream.Position;

    /// <summary>One of the values of an enumeration that is written as a byte.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static T ReadOneOf<T>(this BinaryReader reader) where T : struct, Enum
    {
        byte number = reader.ReadByte();
        var value = (T)Enum.ToObject(typeof(T), number);
        return Enum.IsDefined(value) ? value : throw new InvalidDataException($"{number} is no {typeof(T).Name}");
    }
}
