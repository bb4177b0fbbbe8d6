using System.Buffers;

namespace Daphne.Net.Data;

/// <summary>Native memory as <see cref="Memory{T}"/>, for asynchronous I/O. Keeps its owner reachable, not owned: whoever made it retains the owner.</summary>
sealed unsafe class NativeBytes(DataObject owner, byte* address, int length) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => new(address, length);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        GC.KeepAlive(owner);
        return new(address + elementIndex, pinnable: this);
    }

    public override void Unpin() { }

    protected override void Dispose(bool disposing) { }
}
