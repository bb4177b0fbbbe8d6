using System.Buffers.Binary;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Where the next bytes of a value belong.</summary>
/// <param name="Bytes">To be filled from its beginning to its end.</param>
/// <param name="IsFinal">True for the cells of a matrix, false for what is only looked at.</param>
readonly record struct Place(Memory<byte> Bytes, bool IsFinal);

/// <summary>
/// A value that grows as its bytes come: <see cref="Places"/> says where they belong, one place after the other, and looks at each when it is filled.
/// Frames and lists hold values of their own. Disposing it gives back what was not taken.
/// </summary>
sealed partial class IncomingValue(MemoryClaim claim, bool isPart = false) : IDisposable
{
    static readonly UTF8Encoding utf8 = new(false, throwOnInvalidBytes: true);

    readonly byte[] start = new byte[WireFormat.DenseHeader];
    readonly List<IncomingValue> parts = [];
    DataObject? made;
    Datum scalar;

    /// <summary>Null until it is there.</summary>
    public ValueHeader? Header { get; private set; }

    /// <summary>How many bytes follow the header, where it tells.</summary>
    public long? Length { get; private set; }

    /// <summary>Each place has to be full before the next one is asked for; after the last one the value is whole.</summary>
    /// <exception cref="RaisedException">What was filled in is malformed, or the value is too large.</exception>
    public IEnumerable<Place> Places()
    {
        int read = 0, wanted;
        while ((wanted = ValueHeader.LengthFrom(start.AsSpan(0, read))) > read)
        {
            yield return new(start.AsMemory(read, wanted - read), false);
            read = wanted;
        }
        var header = ValueHeader.Parse(start);
        if (isPart && header.Kind is not (ValueKind.Dense or ValueKind.Sparse or ValueKind.Strings)) throw Diag.WireMalformed.Raise("a part of it is no matrix");
        var body = header.Kind switch
        {
            ValueKind.Scalar => Scalar(header),
            ValueKind.Dense => DenseMatrix.Dispatch<Begin, IEnumerable<Place>>(header.Type, new(this, header)),
            ValueKind.Sparse => DenseMatrix.Dispatch<Begin, IEnumerable<Place>>(header.Type, new(this, header)),
            ValueKind.Strings => Strings(header),
            ValueKind.Frame => FrameOf(header),
            _ => ListOf(header),
        };
        foreach (var place in body) yield return place;
    }

    /// <summary>Hands the value over, once it is whole.</summary>
    public Datum Take()
    {
        if (Header!.Value.Kind == ValueKind.Scalar) return scalar;
        var value = Datum.Of(made!);
        made = null;
        return value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        made?.Release();
        made = null;
        foreach (var part in parts) part.Dispose();
    }

    // The value is what the header says; what it needs is claimed.
    void Accept(ValueHeader header, UInt128 bytes, long? length)
    {
        claim.Take(header.Rows, header.Cols, bytes);
        (Header, Length) = (header, length);
    }

    IEnumerable<Place> Scalar(ValueHeader header)
    {
        if (header.Type == ValueTypeCode.Str)
        {
            Accept(header, ValueSize.StringBytes, null);
            var text = new IncomingText(claim);
            foreach (var place in text.Places()) yield return place;
            scalar = Datum.Of(text.Text);
            yield break;
        }
        int size = header.Type.SizeInBytes();
        Accept(header, (UInt128)size, size);
        byte[] bytes = new byte[sizeof(ulong)];
        yield return new(bytes.AsMemory(0, size), false);
        if (header.Type == ValueTypeCode.Bool) RequireTruthValues(bytes.AsSpan(0, 1));
        scalar = Datum.OfBits(header.Type, ValueHeader.BitsOf(header.Type, bytes));
    }

    IEnumerable<Place> Strings(ValueHeader header)
    {
        const int first = 1024;
        var count = (UInt128)header.Rows * (UInt128)header.Cols;
        if (count > (uint)Array.MaxLength) throw Diag.WireTooLarge.Raise(header.Rows, header.Cols, count * ValueSize.StringBytes, claim.Most);
        Accept(header, count * ValueSize.StringBytes, null);
        // Grows as strings come: what a header says costs nothing yet.
        string[] cells = new string[(int)UInt128.Min(count, first)];
        var text = new IncomingText(claim);
        for (int i = 0; i < (int)count; i++)
        {
            foreach (var place in text.Places()) yield return place;
            if (i == cells.Length) Array.Resize(ref cells, (int)UInt128.Min(count, 2 * (UInt128)(uint)i));
            cells[i] = text.Text;
        }
        made = new StringMatrix(cells, header.Rows, header.Cols);
    }

    IEnumerable<Place> FrameOf(ValueHeader header)
    {
        if (header.Cols > Array.MaxLength) throw Diag.WireMalformed.Raise($"a frame cannot have {header.Cols} columns");
        Accept(header, 0, null);
        var labels = System.Collections.Immutable.ImmutableArray.CreateBuilder<string>();
        var text = new IncomingText(claim);
        for (long c = 0; c < header.Cols; c++)
        {
            claim.Take(header.Rows, header.Cols, ValueSize.StringBytes);
            foreach (var place in text.Places()) yield return place;
            labels.Add(text.Text);
        }
        for (long c = 0; c < header.Cols; c++)
        {
            var part = Part();
            foreach (var place in part.Places()) yield return place;
            if (part.made is not Matrix column || column.Rows != header.Rows || column.Cols != 1 || CsrMatrix.Is(column))
                throw Diag.WireMalformed.Raise($"its part {c} is no dense column of {header.Rows} rows");
        }
        made = new Frame(header.Rows, [.. parts.Select(p => (Matrix)p.made!)], labels.ToImmutable());
        HandOver();
    }

    IEnumerable<Place> ListOf(ValueHeader header)
    {
        if (header.Cols != 0) throw Diag.WireMalformed.Raise($"a list has no {header.Cols} columns");
        Accept(header, 0, null);
        for (long i = 0; i < header.Rows; i++)
        {
            var part = Part();
            foreach (var place in part.Places()) yield return place;
            if (((Matrix)part.made!).ValueType != header.Type) throw Diag.WireMalformed.Raise($"its element {i} has another value type");
        }
        made = new ObjectList(header.Type, [.. parts.Select(p => (Matrix)p.made!)]);
        HandOver();
    }

    IncomingValue Part()
    {
        var part = new IncomingValue(claim, isPart: true);
        parts.Add(part);
        return part;
    }

    // The parts belong to the whole from now on.
    void HandOver()
    {
        foreach (var part in parts) part.made = null;
        parts.Clear();
    }

    // A byte that is neither 0 nor 1 would make two unequal trues.
    static void RequireTruthValues(ReadOnlySpan<byte> bytes)
    {
        if (bytes.ContainsAnyExceptInRange<byte>(0, 1)) throw Diag.WireMalformed.Raise("a truth value is neither 0 nor 1");
    }

    readonly struct Begin(IncomingValue value, ValueHeader header) : IStorageVisitor<IEnumerable<Place>>
    {
        public IEnumerable<Place> Visit<T>() where T : unmanaged => header.Kind == ValueKind.Dense ? value.Dense<T>(header) : value.Sparse<T>(header);
    }

    // One text after the other through the same memory.
    sealed class IncomingText(MemoryClaim claim)
    {
        const int Step = 1 << 16;

        readonly byte[] length = new byte[sizeof(uint)];
        byte[] bytes = new byte[128];

        public string Text { get; private set; } = "";

        public IEnumerable<Place> Places()
        {
            yield return new(length, false);
            uint count = BinaryPrimitives.ReadUInt32LittleEndian(length);
            if (count > Array.MaxLength) throw Diag.WireMalformed.Raise($"a string of {count} bytes");
            claim.Require(1, 1, count);
            for (int at = 0; at < (int)count;)
            {
                int take = Math.Min((int)count - at, Step);
                if (bytes.Length < at + take) Array.Resize(ref bytes, (int)Math.Min(count, 2L * (at + take)));
                yield return new(bytes.AsMemory(at, take), false);
                at += take;
            }
            try
            {
                Text = utf8.GetString(bytes, 0, (int)count);
            }
            catch (DecoderFallbackException)
            {
                throw Diag.WireMalformed.Raise("a string is no UTF-8");
            }
            claim.Take(1, 1, (UInt128)(sizeof(char) * (long)Text.Length));
        }
    }
}
