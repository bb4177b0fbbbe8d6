using System.Buffers;
using Grpc.Core;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>How large a message may be.</summary>
/// <param name="Parsed">One that is parsed into an object, so held in memory twice.</param>
/// <param name="Bulk">One whose bytes go past into memory of the receiver's choice.</param>
readonly record struct MessageLimits(int Parsed, int Bulk)
{
    /// <summary>16 MiB for fragments and answers, 2 GiB for values, which the receiver's own accounting bounds.</summary>
    public static MessageLimits Default => new(16 << 20, int.MaxValue);
}

/// <summary>
/// Takes length-prefixed messages off a stream through one small buffer, past which bulk bytes go. Belongs to the flow that reads: nobody else may
/// dispose it, because a read that is still under way writes into the buffer.
/// </summary>
/// <param name="stream">The body.</param>
/// <param name="limits">How large a message may be.</param>
/// <param name="explain">Turns a failure of the stream into the exception to throw; null: it is thrown as it is.</param>
/// <param name="bufferSize">Bytes of the buffer; messages that fit are parsed in place.</param>
sealed class MessageReader(Stream stream, MessageLimits limits, Func<Exception, Exception>? explain = null, int bufferSize = 16384) : IDisposable
{
    byte[] buffer = ArrayPool<byte>.Shared.Rent(bufferSize);
    int start, end;
    int length;
    IncomingBytes? open;

    /// <summary>Bytes of the current message not read yet.</summary>
    public int Left { get; private set; }

    /// <summary>Reads the head of the next message; false at a clean end of the stream.</summary>
    /// <exception cref="RpcException">What came is no message, or compressed, or the stream ended inside one.</exception>
    public async ValueTask<bool> NextAsync(CancellationToken ct)
    {
        if (open is { } last)
        {
            open = null;
            await last.FinishAsync().ConfigureAwait(false);
        }
        if (!await FillAsync(FrameHead.Size, endAllowed: true, ct).ConfigureAwait(false)) return false;
        var (flag, size) = FrameHead.Read(buffer.AsSpan(start, FrameHead.Size));
        // We offer no compression, so nobody may use it.
        if (flag != 0) throw new RpcException(StatusCode.Internal, $"a message with compression flag {flag}, but no compression was agreed");
        if (size > int.MaxValue) throw TooLarge(size, int.MaxValue);
        start += FrameHead.Size;
        length = Left = (int)size;
        return true;
    }

    /// <summary>Reads the message whose head <see cref="NextAsync"/> read.</summary>
    public async ValueTask<T> ReadAsync<T>(Marshaller<T> marshaller, CancellationToken ct)
    {
        if (marshaller is IncomingBytesMarshaller bulk)
        {
            if (length > limits.Bulk) throw TooLarge((uint)length, limits.Bulk);
            open = await IncomingBytes.OpenAsync(this, bulk.Number, ct).ConfigureAwait(false);
            return (T)(object)open;
        }
        if (length > limits.Parsed) throw TooLarge((uint)length, limits.Parsed);
        if (length <= buffer.Length)
        {
            await FillAsync(length, endAllowed: false, ct).ConfigureAwait(false);
            (int at, start, Left) = (start, start + length, 0);
            return Parse(marshaller, buffer, at);
        }
        byte[] large = ArrayPool<byte>.Shared.Rent(length);
        await ReadExactlyAsync(large.AsMemory(0, length), ct).ConfigureAwait(false);
        T value = Parse(marshaller, large, 0);
        ArrayPool<byte>.Shared.Return(large);   // not on failure: a read may still be under way
        return value;
    }

    /// <summary>Bytes of the current message, straight from the stream once the buffer is empty.</summary>
    public async ValueTask ReadExactlyAsync(Memory<byte> to, CancellationToken ct)
    {
        if (to.Length > Left) throw new InvalidOperationException("read past the end of the message");
        Left -= to.Length;
        int have = Math.Min(end - start, to.Length);
        buffer.AsSpan(start, have).CopyTo(to.Span);
        start += have;
        to = to[have..];
        while (!to.IsEmpty)
        {
            int count = await ReceiveAsync(to, ct).ConfigureAwait(false);
            if (count == 0) throw Cut();
            to = to[count..];
        }
    }

    /// <summary>Passes over bytes of the current message.</summary>
    public async ValueTask SkipAsync(int count, CancellationToken ct)
    {
        if (count > Left) throw new InvalidOperationException("skipped past the end of the message");
        Left -= count;
        while (count > 0)
        {
            if (start == end) await FillAsync(1, endAllowed: false, ct).ConfigureAwait(false);
            int step = Math.Min(end - start, count);
            start += step;
            count -= step;
        }
    }

    /// <summary>The next bytes of the current message without taking them: at least min(count, <see cref="Left"/>).</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken ct)
    {
        await FillAsync(Math.Min(count, Left), endAllowed: false, ct).ConfigureAwait(false);
        return buffer.AsMemory(start, Math.Min(end - start, Left));
    }

    public void Dispose()
    {
        byte[] last = Interlocked.Exchange(ref buffer, []);
        if (last.Length > 0) ArrayPool<byte>.Shared.Return(last);
    }

    static T Parse<T>(Marshaller<T> marshaller, byte[] bytes, int at, int count)
    {
        try
        {
            return marshaller.ContextualDeserializer(new MessagePayload(new ReadOnlySequence<byte>(bytes, at, count)));
        }
        catch (Google.Protobuf.InvalidProtocolBufferException e)
        {
            throw new RpcException(StatusCode.Internal, "the message does not parse", e);
        }
    }

    T Parse<T>(Marshaller<T> marshaller, byte[] bytes, int at) => Parse(marshaller, bytes, at, length);

    async ValueTask<bool> FillAsync(int need, bool endAllowed, CancellationToken ct)
    {
        while (end - start < need)
        {
            if (start == end) start = end = 0;
            else if (buffer.Length - start < need)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }
            int count = await ReceiveAsync(buffer.AsMemory(end), ct).ConfigureAwait(false);
            if (count == 0) return endAllowed && start == end ? false : throw Cut();
            end += count;
        }
        return true;
    }

    async ValueTask<int> ReceiveAsync(Memory<byte> to, CancellationToken ct)
    {
        try
        {
            return await stream.ReadAsync(to, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (explain is not null)
        {
            throw explain(e);
        }
    }

    static RpcException Cut() => new(StatusCode.Internal, "the stream ended inside a message");

    static RpcException TooLarge(uint size, int limit) => new(StatusCode.ResourceExhausted, $"a message of {size} bytes is over the limit of {limit} bytes");

    sealed class MessagePayload(ReadOnlySequence<byte> data) : DeserializationContext
    {
        public override int PayloadLength => (int)data.Length;
        public override byte[] PayloadAsNewBuffer() => data.ToArray();
        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => data;
    }
}
