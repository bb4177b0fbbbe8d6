using System.Buffers;
using Daphne.Net.Data;

namespace Daphne.Net.Distributed.Mpi;

/// <summary>What a frame says of a value that comes with it: its first bytes, and how many follow on which lane in chunks of which size.</summary>
/// <param name="First">All of a small value; the header of a large one.</param>
/// <param name="Rest">Bytes that follow.</param>
/// <param name="Lane">On which lane; meaningless where nothing follows.</param>
/// <param name="Chunk">Bytes of each message but the last.</param>
readonly record struct MpiValueHead(byte[] First, long Rest, int Lane, int Chunk)
{
    public void Write(BinaryWriter to)
    {
        to.Write(First.Length);
        to.Write(First);
        to.Write(Rest);
        to.Write(Lane);
        to.Write(Chunk);
    }

    /// <exception cref="InvalidDataException">No value comes like that.</exception>
    public static MpiValueHead Read(BinaryReader from)
    {
        var head = new MpiValueHead(from.ReadCounted(), from.ReadInt64(), from.ReadInt32(), from.ReadInt32());
        return head.Rest >= 0 && head.Lane is >= 0 and < Lanes.Count && head.Chunk > 0 ? head
            : throw new InvalidDataException($"{head.Rest} bytes cannot follow on lane {head.Lane} in messages of {head.Chunk}");
    }
}

/// <summary>
/// A value on its way out: a share of it, and where its bytes lie. Small ones fit into the frame; the cells of large ones are sent from where they are.
/// </summary>
sealed class MpiOutgoingValue : IDisposable
{
    // One message less per value, for the price of copying what fits into a few pages.
    const int MostInFrame = 16 << 10;

    readonly Datum value;
    readonly ReadOnlySequence<byte> rest;
    readonly List<MemoryHandle> pins = [];

    /// <exception cref="Dialect.RaisedException">The value has no encoding.</exception>
    public MpiOutgoingValue(Datum value)
    {
        this.value = value;
        var bytes = ValueWriter.Bytes(value);
        First = bytes.Slice(0, bytes.Length <= MostInFrame ? bytes.Length : WireFormat.DenseHeader).ToArray();
        rest = bytes.Slice(First.Length);
        foreach (var piece in rest) pins.Add(piece.Pin());
        if (!value.IsScalar) value.Object.Retain();
    }

    public byte[] First { get; }

    public long Rest => rest.Length;

    /// <summary>The next bytes, from <paramref name="at"/> on, as many as lie together.</summary>
    public ReadOnlySpan<byte> Next(long at, int most)
    {
        var span = rest.Slice(at).FirstSpan;
        return span[..Math.Min(most, span.Length)];
    }

    public void Dispose()
    {
        foreach (var pin in pins) pin.Dispose();
        if (!value.IsScalar) value.Object.Release();
    }
}

/// <summary>A value on its way in. What is refused, by us or by the sender's end of it, is still received, and thrown away.</summary>
abstract class MpiIncomingValue
{
    /// <summary>Where the bytes go; null for nowhere.</summary>
    public abstract ValueReader? Reader { get; }

    /// <summary>Takes bytes that have no place of their own. What is wrong with them is told when the value is asked for.</summary>
    public abstract void Feed(ReadOnlySpan<byte> bytes);
}
