using System.Buffers;
using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>
/// Takes the bytes of a value in pieces, cut anywhere, and makes the value. Nothing that arrives can make it allocate more than <c>mostBytes</c>, read
/// outside its memory or end in anything but a value or a <see cref="RaisedException"/>. One thread at a time. Disposing it gives back what is unfinished.
/// </summary>
/// <param name="mostBytes">The largest value accepted, in bytes of cells.</param>
public sealed class ValueReader(long mostBytes = long.MaxValue) : IDisposable
{
    readonly byte[] start = new byte[WireFormat.DenseHeader];
    int startUsed;
    ValueHeader header;
    Matrix? matrix;
    bool taken;
    long received;

    /// <summary>True once shape and type are known, and the memory of a matrix is there.</summary>
    public bool HasHeader { get; private set; }

    /// <summary>Bytes of the value behind its header; 0 before the header is known.</summary>
    public long Bytes => header.Bytes;

    /// <summary>True once the value is whole.</summary>
    public bool IsComplete => HasHeader && received == header.Bytes;

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="RaisedException">They are malformed, or the value is too large.</exception>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!HasHeader && bytes.Length > 0)
        {
            int length = ValueHeader.LengthFrom(start.AsSpan(0, startUsed)), take = Math.Min(bytes.Length, length - startUsed);
            bytes[..take].CopyTo(start.AsSpan(startUsed));
            startUsed += take;
            bytes = bytes[take..];
            if (startUsed == length && length == ValueHeader.LengthFrom(start.AsSpan(0, startUsed))) Begin();
        }
        if (bytes.Length == 0) return;
        long missing = header.Bytes - received;
        if (bytes.Length > missing) throw Diag.WireMalformed.Raise($"{bytes.Length - missing} bytes follow its end");
        if (header.IsScalar) bytes.CopyTo(start.AsSpan(WireFormat.ScalarHeader + (int)received));
        else bytes.CopyTo(Cells(received, bytes.Length).Span);
        received += bytes.Length;
    }

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="RaisedException">They are malformed, or the value is too large.</exception>
    public void Feed(in ReadOnlySequence<byte> bytes)
    {
        foreach (var piece in bytes) Feed(piece.Span);
    }

    /// <summary>
    /// Where the next bytes belong, for receiving without a copy; empty before the header is known, for scalars, and when the value is whole. Say with
    /// <see cref="Advance"/> how many were put there.
    /// </summary>
    public Memory<byte> Rest() => matrix is null || IsComplete ? default : Cells(received, (int)Math.Min(int.MaxValue, header.Bytes - received));

    /// <summary>So many bytes were put into <see cref="Rest"/>.</summary>
    public void Advance(int count)
    {
        if (matrix is null || count < 0 || count > header.Bytes - received) throw new ArgumentOutOfRangeException(nameof(count));
        received += count;
    }

    /// <summary>The value; the caller owns it.</summary>
    /// <exception cref="RaisedException">Bytes are missing, or a truth value is neither 0 nor 1.</exception>
    public Datum Finish()
    {
        if (taken) throw new InvalidOperationException("the value was taken already");
        if (!HasHeader) throw Diag.WireMalformed.Raise($"it ends within its header, after {startUsed} bytes");
        if (!IsComplete) throw Diag.WireMalformed.Raise($"{header.Bytes - received} of {header.Bytes} bytes are missing at its end");
        if (header.Type == ValueTypeCode.Bool) CheckTruthValues();
        taken = true;
        return header.IsScalar ? Datum.OfBits(header.Type, header.ScalarBits(start.AsSpan(WireFormat.ScalarHeader))) : Datum.Of(matrix!);
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
        if (!taken) matrix?.Release();
        taken = true;
        matrix = null;
    }

    void Begin()
    {
        header = ValueHeader.Parse(start.AsSpan(0, startUsed));
        if (!header.IsScalar)
        {
            if (header.Bytes > mostBytes) throw Diag.WireTooLarge.Raise(header.Rows, header.Cols, header.Bytes, mostBytes);
            matrix = DenseMatrix.Allocate(header.Type, header.Rows, header.Cols);
        }
        HasHeader = true;
    }

    Memory<byte> Cells(long first, int length) => DenseMatrix.Dispatch<Window, Memory<byte>>(matrix!, new(first, length));

    // A byte that is neither 0 nor 1 would make two unequal trues.
    void CheckTruthValues()
    {
        if (header.IsScalar ? start[WireFormat.ScalarHeader] > 1 : DenseMatrix.Dispatch<HasOtherBytes, bool>(matrix!, default))
            throw Diag.WireMalformed.Raise("a truth value is neither 0 nor 1");
    }

    readonly struct Window(long first, int length) : IMatrixVisitor<Memory<byte>>
    {
        public unsafe Memory<byte> Visit<T>(DenseMatrix<T> matrix) where T : unmanaged =>
            new NativeBytes(matrix, (byte*)matrix.Cell0 + first, length).Memory;
    }

    readonly struct HasOtherBytes : IMatrixVisitor<bool>
    {
        public unsafe bool Visit<T>(DenseMatrix<T> matrix) where T : unmanaged
        {
            foreach (var (first, length) in matrix.Chunks())
                if (new ReadOnlySpan<byte>((byte*)matrix.Cell0 + first, length).ContainsAnyExceptInRange<byte>(0, 1)) return true;
            return false;
        }
    }
}
