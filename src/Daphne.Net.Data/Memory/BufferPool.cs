using System.Runtime.InteropServices;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>
/// Native memory by <see cref="SizeClass"/>, kept for the next value of that class: a fresh 4 KiB page costs about as much as filling it a dozen times.
/// At most <see cref="KeepBytes"/> lie idle, at most <see cref="LimitBytes"/> are in use. Thread-safe.
/// </summary>
public sealed unsafe class BufferPool
{
    /// <summary>Alignment of every block in bytes: one cache line, one 512-bit register.</summary>
    public const int Alignment = 64;

    readonly Stack<nint>?[] idle = new Stack<nint>?[SizeClass.Count];
    readonly Lock gate = new();
    long live, kept, rented, fresh;

    /// <summary>The pool of the process.</summary>
    public static BufferPool Shared { get; } = new();

    /// <summary>Most bytes that lie idle; what comes back beyond them is freed. Default 4 GiB.</summary>
    public long KeepBytes { get; set; } = 4L << 30;

    /// <summary>Most bytes in values; who asks for more is told what is needed and available. Default: no limit but the memory of the machine.</summary>
    public long LimitBytes { get; set; } = long.MaxValue;

    /// <summary>Bytes in values at this moment.</summary>
    public long LiveBytes => Interlocked.Read(ref live);

    /// <summary>Bytes that lie idle at this moment.</summary>
    public long IdleBytes => Interlocked.Read(ref kept);

    /// <summary>Blocks handed out so far.</summary>
    public long Rented => Interlocked.Read(ref rented);

    /// <summary>Blocks that had to be allocated so far; with a warm pool this stands still.</summary>
    public long Fresh => Interlocked.Read(ref fresh);

    /// <summary>A block of at least <paramref name="bytes"/> bytes; its content is whatever was there before unless <paramref name="zeroed"/>.</summary>
    /// <exception cref="RaisedException">It is beyond the limit, or the system has no such memory.</exception>
    public MemoryBlock Rent(nuint bytes, bool zeroed)
    {
        if (bytes > (ulong)Math.Min(LimitBytes, SystemMemory.TotalBytes) || bytes > SizeClass.MostBytes) throw TooMuch(bytes);
        int sizeClass = SizeClass.Of(bytes, out ulong size);
        if (!TryReserve((long)size))
        {
            CollectAbandoned();
            if (!TryReserve((long)size)) throw TooMuch(bytes);
        }
        byte* address = Take(sizeClass, size);
        bool isZero = false;
        if (address is null)
        {
            address = AllocateFresh(size, out isZero);
            if (address is null)
            {
                Interlocked.Add(ref live, -(long)size);
                throw TooMuch(bytes);
            }
        }
        Interlocked.Increment(ref rented);
        if (zeroed && !isZero) NativeMemory.Clear(address, bytes);
        return new MemoryBlock(this, address, (nuint)size);
    }

    internal void Return(byte* address, nuint capacity)
    {
        int sizeClass = SizeClass.Of(capacity, out ulong size);
        lock (gate)
        {
            bool keep = kept + (long)size <= KeepBytes;
            Interlocked.Add(ref live, -(long)size);
            if (keep)
            {
                (idle[sizeClass] ??= new()).Push((nint)address);
                Interlocked.Add(ref kept, (long)size);
                return;
            }
        }
        SystemMemory.Free(address, size);
    }

    /// <summary>Frees everything that lies idle.</summary>
    public void Trim()
    {
        lock (gate)
            for (int sizeClass = 0; sizeClass < idle.Length; sizeClass++)
                while (idle[sizeClass] is { } stack && stack.TryPop(out nint address))
                {
                    ulong size = SizeClass.SizeOf(sizeClass);
                    SystemMemory.Free((byte*)address, size);
                    Interlocked.Add(ref kept, -(long)size);
                }
    }

    /// <summary>What a value of so many bytes meets that is not to be had.</summary>
    internal RaisedException TooMuch(UInt128 bytes) => Diag.OutOfMemory.Raise(bytes, Math.Max(0, Math.Min(LimitBytes, SystemMemory.TotalBytes) - LiveBytes));

    // Idle memory makes room for what is needed now.
    byte* AllocateFresh(ulong size, out bool isZero)
    {
        Interlocked.Increment(ref fresh);
        if (LiveBytes + IdleBytes > Math.Min(LimitBytes, SystemMemory.TotalBytes)) Trim();
        byte* address = SystemMemory.Allocate(size, out isZero);
        if (address is not null || IdleBytes == 0) return address;
        Trim();
        return SystemMemory.Allocate(size, out isZero);
    }

    bool TryReserve(long size)
    {
        if (Interlocked.Add(ref live, size) <= Math.Min(LimitBytes, SystemMemory.TotalBytes)) return true;
        Interlocked.Add(ref live, -size);
        return false;
    }

    // The collector does not see native memory, so it does not know that values which nobody released are worth looking for. Twice: see the finalizer.
    static void CollectAbandoned()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    byte* Take(int sizeClass, ulong size)
    {
        lock (gate)
        {
            if (idle[sizeClass] is not { } stack || !stack.TryPop(out nint address)) return null;
            Interlocked.Add(ref kept, -(long)size);
            return (byte*)address;
        }
    }
}
