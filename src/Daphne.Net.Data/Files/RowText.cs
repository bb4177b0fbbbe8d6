using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>Something that is written row by row: the text of each row stands for itself.</summary>
abstract class RowText(long rows)
{
    /// <summary>How many rows there are.</summary>
    public long Rows => rows;

    /// <summary>How many rows make a good piece of work.</summary>
    public abstract int RowsAtOnce { get; }

    /// <summary>Appends the text of a row. Called by several threads.</summary>
    public abstract void Append(long row, IBufferWriter<byte> utf8);

    /// <summary>Writes what stands before the rows; returns its length.</summary>
    public virtual long Head(SafeFileHandle file) => 0;
}
