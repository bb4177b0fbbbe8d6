using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>Writes a file of pieces that threads make side by side and append in order.</summary>
/// <typeparam name="T">What is known of a piece besides its bytes.</typeparam>
sealed class OrderedPieces<T>(SafeFileHandle file, long pieces, Func<long, ArrayBufferWriter<byte>, T> make, Action<T, long> placed)
{
    readonly object gate = new();
    long claimed = -1, written, offset;
    bool failed;

    /// <summary>Writes all pieces from this place in the file on; returns where they end. Each is made into an empty buffer, and told where it lies.</summary>
    public long Write(int threads, long begin)
    {
        offset = begin;
        RowThreads.Run((int)Math.Min(threads, Math.Max(1, pieces)), WritePieces);
        return offset;
    }

    void WritePieces()
    {
        bool isDone = false;
        try
        {
            var buffer = new ArrayBufferWriter<byte>(64 * 1024);
            for (long piece = Interlocked.Increment(ref claimed); piece < pieces; piece = Interlocked.Increment(ref claimed))
            {
                buffer.ResetWrittenCount();
                var known = make(piece, buffer);
                if (!Append(piece, known, buffer.WrittenSpan)) break;
            }
            isDone = true;
        }
        finally
        {
            // Whatever stopped this thread (a full disk, no memory): nobody waits for what will not come.
            if (!isDone) Fail();
        }
    }

    // Waits for the pieces before this one: only those that are being made are missing.
    bool Append(long piece, T known, ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            while (written < piece && !failed) Monitor.Wait(gate);
            if (failed) return false;
            RandomAccess.Write(file, bytes, offset);
            placed(known, offset);
            (offset, written) = (offset + bytes.Length, piece + 1);
            Monitor.PulseAll(gate);
            return true;
        }
    }

    void Fail()
    {
        lock (gate)
        {
            failed = true;
            Monitor.PulseAll(gate);
        }
    }
}
