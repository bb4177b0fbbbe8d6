using Daphne.Net.Data;
using Daphne.Net.Distributed.Grpc;

namespace Daphne.Net.Distributed.Protocol;

/// <summary>Takes the bytes of one message into a value.</summary>
static class ValueBytes
{
    /// <summary>A delegate for <see cref="ValueReader.Feed(ReadOnlySpan{byte})"/> and what wraps it.</summary>
    public delegate void Feed(ReadOnlySpan<byte> bytes);

    /// <summary>Reads the whole message: cells to where they belong, everything else through <paramref name="feed"/>.</summary>
    public static async ValueTask ReceiveAsync(IncomingBytes message, ValueReader value, Feed feed)
    {
        byte[]? scratch = null;
        while (message.Left > 0)
        {
            var place = value.Rest();
            if (place.IsEmpty)
            {
                // A header, a scalar, or bytes behind the end, which Feed refuses.
                scratch ??= new byte[WireFormat.DenseHeader];
                var piece = scratch.AsMemory(0, Math.Min(message.Left, scratch.Length));
                await message.ReadExactlyAsync(piece).ConfigureAwait(false);
                feed(piece.Span);
            }
            else
            {
                place = place[..Math.Min(message.Left, place.Length)];
                await message.ReadExactlyAsync(place).ConfigureAwait(false);
                value.Advance(place.Length);
            }
        }
    }
}
