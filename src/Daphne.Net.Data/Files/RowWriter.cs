using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>Writes rows of text, blocks of them side by side.</summary>
static class RowWriter
{
    public static void Write(RowText text, SafeFileHandle file, int threads)
    {
        long blocks = (text.Rows + text.RowsAtOnce - 1) / text.RowsAtOnce;
        new OrderedPieces<bool>(file, blocks, (block, utf8) => Append(text, block, utf8), static (_, _) => { }).Write(threads, text.Head(file));
    }

    static bool Append(RowText text, long block, ArrayBufferWriter<byte> utf8)
    {
        long end = Math.Min(text.Rows, (block + 1) * text.RowsAtOnce);
        for (long row = block * text.RowsAtOnce; row < end; row++) text.Append(row, utf8);
        return true;
    }
}
