using System.Buffers;
using System.Runtime.InteropServices;

namespace Daphne.Net.Data;

/// <summary>
/// A stretch of memory under one or more values. Either ours (native, aligned to 64 bytes, back to the <see cref="BufferPool"/> when the last owner
/// releases it) or borrowed from the caller of the library (never written, maybe unaligned).
/// </summary>
public sealed unsafe class MemoryBlock
{
    readonly BufferPool? pool;
    MemoryHandle borrowed;
    int owners = 1;
    bool condemned;
    byte* address;

    internal MemoryBlock(BufferPool pool, byte* address, nuint capacity)
    {
        this.pool = pool;
        this.address = address;
        Capacity = capacity;
    }

    MemoryBlock(MemoryHandle handle, nuint length)
    {
        borrowed = handle;
        address = (byte*)handle.Pointer;
        Capacity = length;
    }

    /// <summary>Pins memory of the caller.</summary>
    public static MemoryBlock Borrow<T>(ReadOnlyMemory<T> memory) where T : unmanaged =>
        new(memory.Pin(), (nuint)memory.Length * (nuint)sizeof(T));

    /// <summary>The first byte.</summary>
    public byte* Address => address;

    /// <summary>Usable bytes.</summary>
    public nuint Capacity { get; }

    /// <summary>True if this block may be overwritten by its only owner; false for borrowed memory.</summary>
    public bool IsWritable => pool is not null;

    /// <summary>How many values lie in it.</summary>
    public int Owners => Volatile.Read(ref owners);

    /// <summary>Adds an owner; only who is one may do it.</summary>
    /// <exception cref="InvalidOperationException">The memory was given back already.</exception>
    public void Retain()
    {
        if (Interlocked.Increment(ref owners) <= 1) throw new InvalidOperationException("memory was retained after it was given back");
    }

    /// <summary>Takes an owner away; the last one gives the memory back.</summary>
    /// <exception cref="InvalidOperationException">There was none left.</exception>
    public void Release()
    {
        int left = Interlocked.Decrement(ref owners);
        if (left == 0) GiveBack();
        if (left < 0) throw new InvalidOperationException("memory was released more often than it was retained");
    }

    void GiveBack()
    {
        if (pool is null) borrowed.Dispose();
        else pool.Return(address, Capacity);
        address = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Values that nobody released (kept by a user of the library) give their memory back here. Not at once: a loop over a span of cells does not keep
    /// the matrix alive that the span came from. The block lives through one more collection, of an older generation, by which time such a loop is over.
    /// </summary>
    ~MemoryBlock()
    {
        if (address is null) return;
        if (!condemned)
        {
            condemned = true;
            GC.ReRegisterForFinalize(this);
        }
        else GiveBack();
    }
}
