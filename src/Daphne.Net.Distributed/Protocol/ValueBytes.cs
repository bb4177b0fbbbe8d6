using System.Buffers;
using Daphne.Net.Data;
using Daphne.Net.Distributed.Grpc;

namespace Daphne.Net.Distributed.Protocol;

/// <summary>Takes the bytes of one message into a value.</summary>
static class ValueBytes
{
    const int Longest = 1 << 14;

    /// <summary>A delegate for <see cref="ValueReader.Feed(ReadOnlySpan{byte})"/> and what wraps it.</summary>
    public delegate void Feed(ReadOnlySpan<byte> bytes);

    /// <summary>Reads the whole message: cells to where they belong, which <paramref name="advance"/> hears of, everything else through <paramref name="feed"/>.</summary>
    public static async ValueTask ReceiveAsync(IncomingBytes message, ValueReader value, Feed feed, Action<int> advance)
    {
        byte[]? scratch = null;
        while (message.Left > 0)
        {
            var place = value.Rest();
            if (place.IsEmpty)
            {
                // A header, a scalar, strings, or bytes behind the end, which Feed refuses. Behind a header cells may follow that belong elsewhere.
                scratch ??= ArrayPool<byte>.Shared.Rent(Longest);
                var piece = scratch.AsMemory(0, Math.Min(message.Left, value.HasHeader ? Longest : WireFormat.DenseHeader));
                await message.ReadExactlyAsync(piece).ConfigureAwait(false);
                feed(piece.Span);
            }
            else
            {
                place = place[..Math.Min(message.Left, place.Length)];
                await message.ReadExactlyAsync(place).ConfigureAwait(false);
                advance(place.Length);
            }
        }
        if (scratch is not null) ArrayPool<byte>.Shared.Return(scratch);
    }
}
