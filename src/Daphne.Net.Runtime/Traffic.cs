namespace Daphne.Net.Runtime;

/// <summary>Bytes of values that one pipeline sent to and received from other processes. Thread-safe; grows as results are fetched later.</summary>
public sealed class Traffic
{
    long sent, received;

    /// <summary>Bytes sent.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Bytes received.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>Counts bytes sent.</summary>
    public void AddSent(long bytes) => Interlocked.Add(ref sent, bytes);

    /// <summary>Counts bytes received.</summary>
    public void AddReceived(long bytes) => Interlocked.Add(ref received, bytes);
}
