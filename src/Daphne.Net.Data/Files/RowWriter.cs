using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>Writes rows of text. Threads make text of blocks of rows side by side and append it in order.</summary>
static class RowWriter
{
    public static void Write(RowText text, SafeFileHandle file, int threads) =>
        RowThreads.Run((int)Math.Min(threads, text.Rows / text.RowsAtOnce + 1), new Run(text, file).Write);

    sealed class Run(RowText text, SafeFileHandle file)
    {
        readonly long rows = text.Rows;
        readonly object gate = new();
        readonly long blocks = (text.Rows + text.RowsAtOnce - 1) / text.RowsAtOnce;
        long claimed, written, offset = text.Head(file);
        bool failed;

        public void Write()
        {
            var buffer = new ArrayBufferWriter<byte>(64 * 1024);
            for (long block = Interlocked.Increment(ref claimed) - 1; block < blocks; block = Interlocked.Increment(ref claimed) - 1)
            {
                buffer.ResetWrittenCount();
                long end = Math.Min(rows, (block + 1) * text.RowsAtOnce);
                for (long row = block * text.RowsAtOnce; row < end; row++) text.Append(row, buffer);
                if (!Append(block, buffer.WrittenSpan)) return;
            }
        }

        // Waits for the blocks before this one: only those that are being made are missing.
        bool Append(long block, ReadOnlySpan<byte> bytes)
        {
            lock (gate)
            {
                while (written < block && !failed) Monitor.Wait(gate);
                if (failed) return false;
                try
                {
                    failed = true;
                    RandomAccess.Write(file, bytes, offset);
                    (failed, offset, written) = (false, offset + bytes.Length, block + 1);
                }
                finally
                {
                    Monitor.PulseAll(gate);       // also when the disk is full: nobody waits for what will not come
                }
                return true;
            }
        }
    }
}
