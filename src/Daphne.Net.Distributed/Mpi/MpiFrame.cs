using System.Text;

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

    public required MpiVerb Verb { get; init; }

    /// <summary>Given out by rank 0, never twice in a job.</summary>
    public required long Request { get; init; }

    /// <summary>Reads what follows, in the order in which it was written.</summary>
    public required BinaryReader Body { get; init; }

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

    /// <exception cref="InvalidDataException">This is no frame.</exception>
    public static MpiFrame Read(byte[] bytes)
    {
        if (bytes.Length < Head || !Enum.IsDefined((MpiVerb)bytes[0])) throw new InvalidDataException($"a message of {bytes.Length} bytes is no request");
        var body = new BinaryReader(new MemoryStream(bytes, 1, bytes.Length - 1), Encoding.UTF8);
        return new() { Verb = (MpiVerb)bytes[0], Request = body.ReadInt64(), Body = body };
    }
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

    public static CallValue ReadCallValue(this BinaryReader reader) => new(reader.ReadHandle(), reader.ReadBytes(reader.ReadInt32()));

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

    public static T[] ReadArray<T>(this BinaryReader reader, Func<T> read)
    {
        var items = new List<T>();
        for (int left = reader.ReadInt32(); left > 0; left--) items.Add(read());
        return [.. items];
    }
}
