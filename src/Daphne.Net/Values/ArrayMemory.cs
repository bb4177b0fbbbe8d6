using System.Buffers;
using System.Runtime.InteropServices;

namespace Daphne.Net;

/// <summary>The cells of a two-dimensional array as memory, without a copy.</summary>
sealed class ArrayMemory<T>(T[,] array) : MemoryManager<T> where T : unmanaged
{
    public override Span<T> GetSpan() =>
        array.Length == 0 ? [] : MemoryMarshal.CreateSpan(ref array[0, 0], array.Length);

    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        var handle = GCHandle.Alloc(array, GCHandleType.Pinned);
        var first = (T*)handle.AddrOfPinnedObject();
        return new(first + elementIndex, handle, this);
    }

    // The handle made by Pin frees itself.
    public override void Unpin() { }

    protected override void Dispose(bool disposing) { }
}
