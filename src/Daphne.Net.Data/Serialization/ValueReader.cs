using System.Buffers;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>
/// Takes the bytes of a value in pieces, cut anywhere, and makes the value: a scalar, a dense, sparse or string matrix, a frame or a list. Nothing that
/// arrives can make it allocate more than <c>mostBytes</c>, read outside its memory or end in anything but a value or a <see cref="RaisedException"/>.
/// One thread at a time. Disposing it gives back what is unfinished.
/// </summary>
public sealed class ValueReader : IDisposable
{
    readonly MemoryClaim claim;
    readonly IncomingValue value;
    readonly IEnumerator<Place> places;
    int filled;     // of the current place
    long received;
    bool taken;
    RaisedException? failure;

    /// <summary>Waits for the first byte.</summary>
    /// <param name="mostBytes">The largest value accepted, in bytes of memory as <see cref="ValueSize"/> counts them.</param>
    public ValueReader(long mostBytes = long.MaxValue)
    {
        claim = new(mostBytes);
        value = new(claim);
        places = value.Places().GetEnumerator();
        MoveOn();
    }

    /// <summary>True once shape and type are known.</summary>
    public bool HasHeader => value.Header is not null;

    /// <summary>Bytes of memory that the value takes, as far as it has come; of dense matrices and numbers known with the header, 0 before.</summary>
    public long Bytes => claim.Taken;

    /// <summary>True once the value is whole.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="RaisedException">They are malformed, or the value is too large.</exception>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        Rethrow();
        while (bytes.Length > 0)
        {
            if (IsComplete) throw failure = Diag.WireMalformed.Raise($"{bytes.Length} bytes follow its end");
            var place = places.Current.Bytes.Span[filled..];
            int take = Math.Min(bytes.Length, place.Length);
            bytes[..take].CopyTo(place);
            bytes = bytes[take..];
            Count(take);
            Rethrow();
        }
    }

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="RaisedException">They are malformed, or the value is too large.</exception>
    public void Feed(in ReadOnlySequence<byte> bytes)
    {
        foreach (var piece in bytes) Feed(piece.Span);
    }

    /// <summary>
    /// Where the next bytes belong, for receiving without a copy; empty where they are no cells of a matrix, and when the value is whole. Say with
    /// <see cref="Advance"/> how many were put there.
    /// </summary>
    public Memory<byte> Rest() => !IsComplete && failure is null && places.Current.IsFinal ? places.Current.Bytes[filled..] : default;

    /// <summary>So many bytes were put into <see cref="Rest"/>. What is wrong with them is said by what is called next.</summary>
    public void Advance(int count)
    {
        if (count < 0 || count > Rest().Length) throw new ArgumentOutOfRangeException(nameof(count));
        Count(count);
    }

    /// <summary>The value; the caller owns it.</summary>
    /// <exception cref="RaisedException">Bytes are missing, or some were malformed.</exception>
    public Datum Finish()
    {
        if (taken) throw new InvalidOperationException("the value was taken already");
        Rethrow();
        if (!IsComplete && !HasHeader) throw Diag.WireMalformed.Raise($"it ends within its header, after {received} bytes");
        if (!IsComplete)
            throw Diag.WireMalformed.Raise(value.Length is { } all ? $"{all - BehindHeader} of {all} bytes are missing at its end" : $"it ends too early, after {received} bytes");
        taken = true;
        return value.Take();
    }

    /// <summary>The value of these bytes.</summary>
    /// <exception cref="RaisedException">They are malformed, or the value is too large.</exception>
    public static Datum Read(in ReadOnlySequence<byte> bytes, long mostBytes = long.MaxValue)
    {
        using var reader = new ValueReader(mostBytes);
        reader.Feed(bytes);
        return reader.Finish();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        places.Dispose();
        value.Dispose();
        taken = true;
    }

    long BehindHeader => received - (value.Header!.Value.Kind == ValueKind.Scalar ? WireFormat.ScalarHeader : WireFormat.DenseHeader);

    void Rethrow()
    {
        if (failure is not null) throw failure;
    }

    void Count(int bytes)
    {
        received += bytes;
        filled += bytes;
        if (filled == places.Current.Bytes.Length) MoveOn();
    }

    void MoveOn()
    {
        filled = 0;
        try
        {
            do
                IsComplete = !places.MoveNext();
            while (!IsComplete && places.Current.Bytes.Length == 0);
        }
        catch (RaisedException e)
        {
            failure = e;
        }
    }
}
