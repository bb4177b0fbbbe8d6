using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed.Protocol;
using Google.Protobuf;
using WireFormat = Daphne.Net.Data.WireFormat;

namespace Daphne.Net.Distributed;

/// <summary>
/// One connection of the data plane, at either end: headers with texts, and values in pieces (4 bytes of length before each, 0 behind the last). Small things are collected and
/// read ahead; cells go straight between the stream and the memory of a matrix. One message at a time; a call that failed or was cancelled leaves a connection only good for disposing.
/// </summary>
/// <param name="stream">The bytes.</param>
/// <param name="socket">What is under it, where that is known.</param>
/// <param name="isBare">True if nothing is between the two, such as TLS, that may have read ahead.</param>
sealed class PlaneConnection(Stream stream, Socket? socket, bool isBare = false) : IDisposable
{
    /// <summary>Values that are larger wait for a <see cref="PlaneKind.Go"/> before they are sent.</summary>
    public const long AskAbove = 1 << 20;

    /// <summary>Messages of calls are no longer than that; longer calls go over gRPC.</summary>
    public const int MostMessage = 64 << 10;

    const int Buffered = 16 << 10, Small = Buffered / 2, PieceHead = sizeof(int);
    const int MostPiece = 64 << 20, SentPiece = 16 << 20;

    static readonly TimeSpan look = TimeSpan.FromMilliseconds(200);

    readonly byte[] input = new byte[Buffered], output = new byte[Buffered];
    int inputAt, inputEnd, outputEnd;
    long pieceLeft, announcedLeft;
    bool ended = true;

    /// <summary>True if nothing has happened on it since its last answer: the other end has not hung up.</summary>
    public bool IsQuiet => inputAt == inputEnd && (socket is null || !socket.Poll(0, SelectMode.SelectRead));

    /// <summary>A thread can wait for it (<see cref="Wait"/>).</summary>
    public bool CanBeWaitedFor => isBare && socket is not null;

    /// <summary>A thread that waits for what it reads, and leaves that to no task; on all others reading is as usual.</summary>
    public Thread? Reader { get; set; }

    /// <summary>A task has waited for it: from then on the runtime's own threads wake up whenever something comes.</summary>
    public bool IsWatched { get; set; }

    /// <summary>What a thread waits for to read on; null where there is something to read already, or no thread can.</summary>
    public Socket? Awaitable => isBare && inputAt == inputEnd ? socket : null;

    /// <summary>Holds the thread until there is something to read, or the other end has hung up.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled, seen within a fifth of a second.</exception>
    public void Wait(CancellationToken ct)
    {
        if (inputAt < inputEnd) return;
        do ct.ThrowIfCancellationRequested();
        while (!socket!.Poll(look, SelectMode.SelectRead));
    }

    public void Dispose() => stream.Dispose();

    /// <summary>Puts a message behind what is to be sent; <see cref="FlushAsync"/> sends it.</summary>
    public async ValueTask WriteAsync(PlaneKind kind, string text, CancellationToken ct, long first = 0, long second = 0, WorkerFailure failure = default)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > PlaneHeader.MostText) bytes = bytes[..PlaneHeader.MostText];
        byte[] head = new byte[PlaneHeader.Length];
        new PlaneHeader(kind, failure, bytes.Length, first, second).Write(head);
        await PutAsync(head, ct).ConfigureAwait(false);
        await PutAsync(bytes, ct).ConfigureAwait(false);
    }

    /// <summary>Sends what is collected.</summary>
    public async ValueTask FlushAsync(CancellationToken ct)
    {
        if (outputEnd > 0) await stream.WriteAsync(output.AsMemory(0, outputEnd), ct).ConfigureAwait(false);
        outputEnd = 0;
        await stream.FlushAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Sends a message with its header, and what is collected before it.</summary>
    public async ValueTask WriteAsync(PlaneKind kind, string text, IMessage message, CancellationToken ct, long second = 0)
    {
        byte[] bytes = message.ToByteArray();
        await WriteAsync(kind, text, ct, bytes.Length, second).ConfigureAwait(false);
        await PutAsync(bytes, ct).ConfigureAwait(false);
        await FlushAsync(ct).ConfigureAwait(false);
    }

    /// <summary>The message that follows its header.</summary>
    /// <exception cref="RaisedException">It is malformed.</exception>
    public async ValueTask<T> ReadMessageAsync<T>(PlaneHeader header, MessageParser<T> parser, CancellationToken ct) where T : IMessage<T>
    {
        if (header.First > MostMessage) throw Diag.PlaneMalformed.Raise($"a message of {header.First} bytes is longer than {MostMessage}");
        byte[] bytes = new byte[header.First];
        await ReadExactlyAsync(bytes, ct).ConfigureAwait(false);
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw Diag.PlaneMalformed.Raise($"a message is none: {e.Message}");
        }
    }

    /// <summary>The pieces a value is sent in. The first one tells whether it has an encoding at all.</summary>
    public static IEnumerable<ReadOnlySequence<byte>> Pieces(Datum value) => ValueWriter.Messages(value, SentPiece);

    /// <summary>Sends a value and what is collected before it.</summary>
    /// <param name="pieces">See <see cref="Pieces"/>.</param>
    /// <param name="passed">Called behind each piece.</param>
    /// <param name="ct">Leaves the connection unusable.</param>
    public async ValueTask WriteValueAsync(IEnumerable<ReadOnlySequence<byte>> pieces, Action passed, CancellationToken ct)
    {
        byte[] head = new byte[PieceHead];
        foreach (var piece in pieces)
        {
            if (piece.IsEmpty) continue;
            BinaryPrimitives.WriteInt32LittleEndian(head, checked((int)piece.Length));
            await PutAsync(head, ct).ConfigureAwait(false);
            foreach (var memory in piece) await PutAsync(memory, ct).ConfigureAwait(false);
            passed();
        }
        head.AsSpan().Clear();
        await PutAsync(head, ct).ConfigureAwait(false);
        await FlushAsync(ct).ConfigureAwait(false);
    }

    /// <summary>The next message.</summary>
    /// <exception cref="RaisedException">It is malformed.</exception>
    public async ValueTask<PlaneMessage> ReadAsync(CancellationToken ct)
    {
        byte[] bytes = new byte[PlaneHeader.Length];
        await ReadExactlyAsync(bytes, ct).ConfigureAwait(false);
        var header = PlaneHeader.Parse(bytes);
        byte[] text = new byte[header.TextBytes];
        await ReadExactlyAsync(text, ct).ConfigureAwait(false);
        if (header.Kind is PlaneKind.Store or PlaneKind.Value) (ended, pieceLeft, announcedLeft) = (false, 0, header.First);
        return new(header, Encoding.UTF8.GetString(text));
    }

    /// <summary>Receives the value that follows, its cells where they belong, everything else through <paramref name="feed"/>.</summary>
    /// <param name="value">Takes it.</param>
    /// <param name="feed">What it throws leaves the rest to <see cref="PassOverAsync"/>.</param>
    /// <param name="passed">Called behind each piece.</param>
    /// <param name="ct">Leaves the connection unusable.</param>
    public async ValueTask ReadValueAsync(ValueReader value, ValueBytes.Feed feed, Action passed, CancellationToken ct)
    {
        byte[]? scratch = null;
        while (await NextAsync(ct).ConfigureAwait(false))
        {
            var place = value.Rest();
            bool loose = place.IsEmpty;   // a header, a scalar, strings, or bytes behind the end, which Feed refuses
            if (loose) place = (scratch ??= new byte[input.Length]).AsMemory(0, value.HasHeader ? input.Length : WireFormat.DenseHeader);
            place = place[..(int)Math.Min(pieceLeft, place.Length)];
            await ReadExactlyAsync(place, ct).ConfigureAwait(false);
            pieceLeft -= place.Length;
            if (loose) feed(place.Span);
            else value.Advance(place.Length);
            if (pieceLeft == 0) passed();
        }
    }

    /// <summary>The value that was announced is not sent.</summary>
    public void NothingFollows() => ended = true;

    /// <summary>Reads what is left of a value nobody wants.</summary>
    public async ValueTask PassOverAsync(CancellationToken ct)
    {
        if (ended) return;
        byte[] scratch = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            while (await NextAsync(ct).ConfigureAwait(false))
            {
                var place = scratch.AsMemory(0, (int)Math.Min(pieceLeft, scratch.Length));
                await ReadExactlyAsync(place, ct).ConfigureAwait(false);
                pieceLeft -= place.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    // To the next byte of a value; false if there is none.
    async ValueTask<bool> NextAsync(CancellationToken ct)
    {
        if (ended) return false;
        if (pieceLeft > 0) return true;
        byte[] head = new byte[PieceHead];
        await ReadExactlyAsync(head, ct).ConfigureAwait(false);
        int length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is < 0 or > MostPiece) throw Diag.PlaneMalformed.Raise($"a piece of {(uint)length} bytes is larger than {MostPiece}");
        if (length > announcedLeft) throw Diag.PlaneMalformed.Raise($"a value is {length - announcedLeft} bytes longer than announced");
        announcedLeft -= length;
        pieceLeft = length;
        ended = length == 0;
        return !ended;
    }

    async ValueTask PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        bool large = bytes.Length > Small;
        if (outputEnd > 0 && (large || bytes.Length > output.Length - outputEnd))
        {
            await stream.WriteAsync(output.AsMemory(0, outputEnd), ct).ConfigureAwait(false);
            outputEnd = 0;
        }
        if (large)
        {
            await stream.WriteAsync(bytes, ct).ConfigureAwait(false);
            return;
        }
        bytes.CopyTo(output.AsMemory(outputEnd));
        outputEnd += bytes.Length;
    }

    async ValueTask ReadExactlyAsync(Memory<byte> to, CancellationToken ct)
    {
        while (to.Length > 0)
        {
            if (inputAt < inputEnd)
            {
                int take = Math.Min(to.Length, inputEnd - inputAt);
                input.AsMemory(inputAt, take).CopyTo(to);
                inputAt += take;
                to = to[take..];
                continue;
            }
            bool straight = to.Length >= input.Length;
            if (Reader == Thread.CurrentThread) Wait(ct);
            int read = await stream.ReadAsync(straight ? to : input, ct).ConfigureAwait(false);
            if (read == 0) throw new EndOfStreamException("the other end hung up");
            if (straight) to = to[read..];
            else (inputAt, inputEnd) = (0, read);
        }
    }
}
