using Grpc.Core;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>
/// A message whose bulk is one <c>bytes</c> field, as it arrives: the receiver reads the field piece by piece into memory of its choice, so that
/// a matrix is never held twice. Valid until the next message is asked for; what was not read by then is passed over.
/// </summary>
sealed class IncomingBytes
{
    readonly MessageReader reader;
    readonly int number;
    readonly CancellationToken ct;

    IncomingBytes(MessageReader reader, int number, CancellationToken ct) => (this.reader, this.number, this.ct) = (reader, number, ct);

    /// <summary>Length of the field; 0 if the message does not have it.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes of the field not read yet.</summary>
    public int Left { get; private set; }

    /// <summary>The next bytes of the field. Ends with the call: by its deadline, by cancellation.</summary>
    public ValueTask ReadExactlyAsync(Memory<byte> to)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to.Length, Left, nameof(to));
        Left -= to.Length;
        return reader.ReadExactlyAsync(to, ct);
    }

    /// <summary>Reads up to the first byte of the field.</summary>
    internal static async ValueTask<IncomingBytes> OpenAsync(MessageReader reader, int number, CancellationToken ct)
    {
        var bytes = new IncomingBytes(reader, number, ct);
        await bytes.SeekAsync().ConfigureAwait(false);
        bytes.Length = bytes.Left;
        return bytes;
    }

    /// <summary>Passes over what is left and checks it. A second field of the same number would override the first, which has been consumed: refused.</summary>
    internal async ValueTask FinishAsync()
    {
        await reader.SkipAsync(Left, ct).ConfigureAwait(false);
        Left = 0;
        if (await SeekAsync().ConfigureAwait(false)) throw ProtoField.Malformed("a bytes field twice");
    }

    async ValueTask<bool> SeekAsync()
    {
        while (reader.Left > 0)
        {
            var ahead = await reader.PeekAsync(ProtoField.MostHeadBytes, ct).ConfigureAwait(false);
            var (found, delimited, head, bytes) = ProtoField.ReadHead(ahead.Span);
            if ((ulong)head + bytes > (ulong)reader.Left || bytes > int.MaxValue) throw ProtoField.Malformed("a field longer than the message");
            await reader.SkipAsync(head, ct).ConfigureAwait(false);
            if (found == number && delimited)
            {
                Left = (int)bytes;
                return true;
            }
            await reader.SkipAsync((int)bytes, ct).ConfigureAwait(false);
        }
        return false;
    }
}

/// <summary>Says that the messages of a method are received as <see cref="IncomingBytes"/>.</summary>
sealed class IncomingBytesMarshaller(int number) : Marshaller<IncomingBytes>(
    static (_, _) => throw new InvalidOperationException("incoming bytes cannot be sent"),
    static _ => throw new InvalidOperationException("incoming bytes are read through MessageReader"))
{
    /// <summary>The number of the field.</summary>
    public int Number => number;
}
