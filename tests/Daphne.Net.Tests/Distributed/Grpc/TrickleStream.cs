namespace Daphne.Net.Tests.Distributed.Grpc;

/// <summary>Hands its bytes out a few at a time, as a network may.</summary>
sealed class TrickleStream(byte[] bytes, int most) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
}
