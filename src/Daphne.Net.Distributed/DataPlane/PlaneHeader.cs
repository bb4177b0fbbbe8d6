using System.Buffers.Binary;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>What a message on the data plane is.</summary>
enum PlaneKind : byte
{
    /// <summary>The first one of a client; its text is the ticket.</summary>
    Open = 1,
    /// <summary>A value follows, <see cref="PlaneHeader.First"/> bytes long; the text names the request.</summary>
    Store = 2,
    /// <summary>Asks for a value; the text is its handle.</summary>
    Transfer = 3,
    /// <summary>A fragment to compute follows as a message of <see cref="PlaneHeader.First"/> bytes; the text names the request.</summary>
    Compute = 4,
    /// <summary>Values to free follow as a message of <see cref="PlaneHeader.First"/> bytes.</summary>
    Free = 5,
    /// <summary>The worker's answer to the ticket; its text is the proof that was promised with it.</summary>
    Opened = 16,
    /// <summary>There is room for a large value.</summary>
    Go = 17,
    /// <summary>It is stored: rows, columns, and its handle as text.</summary>
    Stored = 18,
    /// <summary>A value follows, <see cref="PlaneHeader.First"/> bytes long.</summary>
    Value = 19,
    /// <summary>It is not done; the text says why.</summary>
    Refused = 20,
    /// <summary>The results follow as a message of <see cref="PlaneHeader.First"/> bytes.</summary>
    Computed = 21,
    /// <summary>So many values were freed.</summary>
    Freed = 22,
}

/// <summary>
/// What stands before everything on the data plane: 32 bytes, little endian: four that say what protocol this is, kind, failure, length of the text behind it (2 bytes), two
/// numbers of 8 bytes, and 8 bytes that are 0.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Failure">Of <see cref="PlaneKind.Refused"/>.</param>
/// <param name="TextBytes">How long the text is, in bytes of UTF-8.</param>
/// <param name="First">Bytes of the value or message, or rows.</param>
/// <param name="Second">Milliseconds the client waits, or columns.</param>
readonly record struct PlaneHeader(PlaneKind Kind, WorkerFailure Failure, int TextBytes, long First, long Second)
{
    public const int Length = 32;

    /// <summary>The longest text, in bytes.</summary>
    public const int MostText = 4096;

    const uint Magic = 0x3150_4C44;   // "DLP1"

    /// <summary>Reads 32 bytes and believes nothing.</summary>
    /// <exception cref="RaisedException">They are no header.</exception>
    public static PlaneHeader Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) throw Diag.PlaneMalformed.Raise($"a header has {Length} bytes, not {bytes.Length}");
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic) throw Diag.PlaneMalformed.Raise("it does not begin as one");
        var (kind, failure) = ((PlaneKind)bytes[4], (WorkerFailure)bytes[5]);
        if (!Enum.IsDefined(kind)) throw Diag.PlaneMalformed.Raise($"there is no kind {bytes[4]}");
        if (!Enum.IsDefined(failure)) throw Diag.PlaneMalformed.Raise($"there is no failure {bytes[5]}");
        int text = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        if (text > MostText) throw Diag.PlaneMalformed.Raise($"a text of {text} bytes is longer than {MostText}");
        var (first, second) = (BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]));
        if (first < 0 || second < 0) throw Diag.PlaneMalformed.Raise("a number is out of range");
        if (BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]) != 0) throw Diag.PlaneMalformed.Raise("what has no meaning is not 0");
        return new(kind, failure, text, first, second);
    }

    /// <summary>Writes 32 bytes.</summary>
    public void Write(Span<byte> to)
    {
        to[..Length].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(to, Magic);
        (to[4], to[5]) = ((byte)Kind, (byte)Failure);
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], (ushort)TextBytes);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], First);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], Second);
    }
}

/// <summary>A header with its text.</summary>
readonly record struct PlaneMessage(PlaneHeader Header, string Text)
{
    public PlaneKind Kind => Header.Kind;
}
