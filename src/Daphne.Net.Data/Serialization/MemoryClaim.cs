using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Counts the memory that a value takes while it comes, and refuses more than is allowed.</summary>
sealed class MemoryClaim(long most)
{
    /// <summary>Most bytes.</summary>
    public long Most => most;

    /// <summary>Bytes that were taken.</summary>
    public long Taken { get; private set; }

    /// <summary>So many bytes more, for what has so many rows and columns.</summary>
    /// <exception cref="RaisedException">They are too many.</exception>
    public void Take(long rows, long cols, UInt128 bytes)
    {
        Require(rows, cols, bytes);
        Taken += (long)bytes;
    }

    /// <summary>Asks whether so many bytes would be allowed.</summary>
    /// <exception cref="RaisedException">They are too many.</exception>
    public void Require(long rows, long cols, UInt128 bytes)
    {
        if (bytes > (UInt128)(most - Taken)) throw Diag.WireTooLarge.Raise(rows, cols, (UInt128)Taken + bytes, most);
    }
}
