using System.Runtime.InteropServices;

namespace Daphne.Net.Data;

/// <summary>
/// Native memory by size class, kept for the next value of that class: a fresh 4 KiB page costs about as much as filling it a dozen times.
/// Classes are powers of two and the three quarters between them; at most <see cref="KeepBytes"/> lie idle. Thread-safe.
/// </summary>
public sealed unsafe class BufferPool
{
    /// <summary>Alignment of every block in bytes: one cache line, one 512-bit register.</summary>
    public const int Alignment = 64;

    readonly Dictionary<nuint, Stack<nint>> idle = [];
    readonly Lock gate = new();
    long live, kept, rented, fresh;

    /// <summary>The pool of the process.</summary>
    public static BufferPool Shared { get; } = new();

    /// <summary>Most bytes that lie idle; what comes back beyond them is freed. Default 4 GiB.</summary>
    public long KeepBytes { get; set; } = 4L << 30;

    /// <summary>Bytes in values at this moment.</summary>
    public long LiveBytes => Interlocked.Read(ref live);

    /// <summary>Bytes that lie idle at this moment.</summary>
    public long IdleBytes => Interlocked.Read(ref kept);

    /// <summary>Blocks handed out so far.</summary>
    public long Rented => Interlocked.Read(ref rented);

    /// <summary>Blocks that had to be allocated so far; with a warm pool this stands still.</summary>
    public long Fresh => Interlocked.Read(ref fresh);

    /// <summary>A block of at least <paramref name="bytes"/> bytes; its content is whatever was there before unless <paramref name="zeroed"/>.</summary>
    /// <exception cref="OutOfMemoryException">The system has no such memory.</exception>
    public MemoryBlock Rent(nuint bytes, bool zeroed)
    {
        nuint size = ClassOf(bytes);
        byte* address = Take(size);
        if (address is null)
        {
            address = (byte*)NativeMemory.AlignedAlloc(size, Alignment);
            Interlocked.Increment(ref fresh);
        }
        Interlocked.Increment(ref rented);
        Interlocked.Add(ref live, (long)size);
        if (zeroed) NativeMemory.Clear(address, bytes);
        return new MemoryBlock(this, address, size);
    }

    internal void Return(byte* address, nuint size)
    {
        Interlocked.Add(ref live, -(long)size);
        lock (gate)
        {
            if (kept + (long)size <= KeepBytes)
            {
                if (!idle.TryGetValue(size, out var stack)) idle[size] = stack = new();
                stack.Push((nint)address);
                Interlocked.Add(ref kept, (long)size);
                return;
            }
        }
        NativeMemory.AlignedFree(address);
    }

    /// <summary>Frees everything that lies idle.</summary>
    public void Trim()
    {
        lock (gate)
        {
            foreach (var (size, stack) in idle)
                while (stack.TryPop(out nint address))
                {
                    NativeMemory.AlignedFree((void*)address);
                    Interlocked.Add(ref kept, -(long)size);
                }
        }
    }

    byte* Take(nuint size)
    {
        lock (gate)
        {
            if (!idle.TryGetValue(size, out var stack) || !stack.TryPop(out nint address)) return null;
            Interlocked.Add(ref kept, -(long)size);
            return (byte*)address;
        }
    }

    // 64, 96, 128, 192, 256, …: at most a third is wasted.
    static nuint ClassOf(nuint bytes)
    {
        nuint power = Alignment;
        while (power < bytes) power <<= 1;
        nuint between = power / 4 * 3;
        return between >= bytes && between >= Alignment ? between / Alignment * Alignment >= bytes ? between / Alignment * Alignment : power : power;
    }
}
