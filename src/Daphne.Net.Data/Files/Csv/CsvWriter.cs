using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>Writes a matrix as CSV. Threads make text of blocks of rows side by side and append it in order.</summary>
static class CsvWriter
{
    public static void Write(Matrix matrix, SafeFileHandle file, int threads)
    {
        var text = CsvText.Of(matrix);
        var run = new Run(text, matrix.Rows, file);
        RowThreads.Run((int)Math.Min(threads, matrix.Rows / text.RowsAtOnce + 1), run.Write);
    }

    sealed class Run(CsvText text, long rows, SafeFileHandle file)
    {
        readonly object gate = new();
        readonly long blocks = (rows + text.RowsAtOnce - 1) / text.RowsAtOnce;
        long claimed, written, offset;
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
