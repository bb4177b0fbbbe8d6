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

    public static MpiValueHead Read(BinaryReader from) => new(from.ReadBytes(from.ReadInt32()), from.ReadInt64(), from.ReadInt32(), from.ReadInt32());
}

/// <summary>
/// A value on its way out: a share of it, and where its bytes lie. Small ones fit into the frame; the cells of large ones are sent from where they are.
/// </summary>
sealed unsafe class MpiOutgoingValue : IDisposable
{
    // One message less per value, for the price of copying what fits into a few pages.
    const int MostInFrame = 16 << 10;

    readonly Datum value;
    readonly ReadOnlySequence<byte> bytes;   // keeps what it points to reachable
    readonly byte* cells;

    /// <exception cref="Dialect.RaisedException">The value has no encoding.</exception>
    public MpiOutgoingValue(Datum value)
    {
        this.value = value;
        bytes = ValueWriter.Bytes(value);
        bool whole = bytes.Length <= MostInFrame;
        First = bytes.Slice(0, whole ? bytes.Length : WireFormat.DenseHeader).ToArray();
        Rest = bytes.Length - First.Length;
        // The cells are one block of native memory; the sequence cuts it only because the length of a Memory has 31 bits. Pinning it is only a name for its address.
        using (var pinned = whole ? default : bytes.Slice(First.Length).First.Pin()) cells = (byte*)pinned.Pointer;
        if (!value.IsScalar) value.Object.Retain();
    }

    public byte[] First { get; }

    public long Rest { get; }

    public ReadOnlySpan<byte> Cells(long at, int length) => new(cells + at, length);

    public void Dispose()
    {
        if (!value.IsScalar) value.Object.Release();
    }
}
