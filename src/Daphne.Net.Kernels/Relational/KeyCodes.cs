using System.Diagnostics;
using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>How numbers of a column are coded, so that codes are equal where values are.</summary>
enum KeyKind
{
    /// <summary>Integers up to si64, and bool: as 64-bit two's complement.</summary>
    Signed,
    /// <summary>ui64 and sizes.</summary>
    Unsigned,
    /// <summary>f64 and f32: the bits of the f64, -0 as 0, every nan as one.</summary>
    Float,
    /// <summary>Strings have no code.</summary>
    Text,
}

/// <summary>A column of numbers as codes: equal codes where, and only where, the values are equal.</summary>
sealed unsafe class KeyCodes : IDisposable
{
    readonly Matrix owner;
    DenseMatrix<bool>? absent;

    KeyCodes(Matrix owner, ulong* codes)
    {
        this.owner = owner;
        Codes = codes;
    }

    /// <summary>One per row.</summary>
    public ulong* Codes { get; }

    /// <summary>Which rows equal nothing at all; null if there is none.</summary>
    public bool* Absent => absent is null ? null : absent.Cell0;

    public static KeyKind KindOf(Matrix column) => column.ValueType switch
    {
        ValueTypeCode.Str => KeyKind.Text,
        ValueTypeCode.F64 or ValueTypeCode.F32 => KeyKind.Float,
        ValueTypeCode.UI64 or ValueTypeCode.Size => KeyKind.Unsigned,
        _ => KeyKind.Signed,
    };

    /// <summary>Codes for comparing the rows of one column with each other; all nan are one value.</summary>
    public static KeyCodes Of(Matrix column) => column.Here() switch
    {
        DenseMatrix<long> c => Shared(c, (ulong*)c.Cell0),
        DenseMatrix<ulong> c => Shared(c, c.Cell0),
        DenseMatrix<int> c => Widened(c, c.Cell0),
        DenseMatrix<uint> c => Widened(c, c.Cell0),
        DenseMatrix<sbyte> c => Widened(c, c.Cell0),
        DenseMatrix<byte> c => Widened(c, c.Cell0),
        DenseMatrix<bool> c => Widened(c, (byte*)c.Cell0),
        DenseMatrix<double> c => Bits(c),
        DenseMatrix<float> c => Bits(c),
        var other => throw new UnreachableException($"a column of {other.GetType().Name}"),
    };

    /// <summary>
    /// Codes for comparing the rows of one column with those of another one, by value: an integer equals the float of the same value. A nan equals nothing.
    /// </summary>
    public static KeyCodes Of(Matrix column, KeyKind other)
    {
        var kind = KindOf(column);
        if (kind == KeyKind.Float && other != KeyKind.Float) return Integers(column.Here(), other);
        var result = Of(column);
        if (kind == KeyKind.Float) result.Leave(column.Rows, static code => code == BitConverter.DoubleToUInt64Bits(double.NaN));
        // Beyond the range of the other type: negative numbers here, numbers from 2^63 on there.
        else if (other != KeyKind.Float && kind != other) result.Leave(column.Rows, static code => (long)code < 0);
        return result;
    }

    static KeyCodes Shared(Matrix column, ulong* cells)
    {
        column.Retain();
        return new(column, cells);
    }

    static KeyCodes Widened<T>(Matrix column, T* cells) where T : unmanaged, INumber<T>
    {
        var codes = DenseMatrix<ulong>.Allocate(column.Rows, 1);
        for (long i = 0; i < column.Rows; i++) codes.Cell0[i] = (ulong)long.CreateTruncating(cells[i]);
        GC.KeepAlive(column);
        return new(codes, codes.Cell0);
    }

    static KeyCodes Bits<T>(DenseMatrix<T> column) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var codes = DenseMatrix<ulong>.Allocate(column.Rows, 1);
        for (long i = 0; i < column.Rows; i++)
        {
            double cell = double.CreateTruncating(column.Cell0[i]);
            codes.Cell0[i] = BitConverter.DoubleToUInt64Bits(double.IsNaN(cell) ? double.NaN : cell + 0.0);
        }
        GC.KeepAlive(column);
        return new(codes, codes.Cell0);
    }

    // Floats that are whole and in the range of the other type, as integers of it.
    static KeyCodes Integers(Matrix column, KeyKind kind) => column is DenseMatrix<double> doubles ? Integers(doubles, kind) : Integers((DenseMatrix<float>)column, kind);

    static KeyCodes Integers<T>(DenseMatrix<T> column, KeyKind kind) where T : unmanaged, IFloatingPointIeee754<T>
    {
        const double limit = 9223372036854775808.0;         // 2^63
        var codes = DenseMatrix<ulong>.Allocate(column.Rows, 1);
        var result = new KeyCodes(codes, codes.Cell0);
        for (long i = 0; i < column.Rows; i++)
        {
            double cell = double.CreateTruncating(column.Cell0[i]);
            bool inside = kind == KeyKind.Unsigned ? cell is >= 0 and < 2 * limit : cell is >= -limit and < limit;
            if (inside && cell == Math.Floor(cell)) codes.Cell0[i] = kind == KeyKind.Unsigned ? (ulong)cell : (ulong)(long)cell;
            else
            {
                codes.Cell0[i] = 0;
                result.LeaveRow(i, column.Rows);
            }
        }
        GC.KeepAlive(column);
        return result;
    }

    void Leave(long rows, Func<ulong, bool> which)
    {
        for (long i = 0; i < rows; i++)
            if (which(Codes[i])) LeaveRow(i, rows);
    }

    void LeaveRow(long row, long rows) => (absent ??= DenseMatrix<bool>.Allocate(rows, 1, zeroed: true)).Cell0[row] = true;

    public void Dispose()
    {
        owner.Release();
        absent?.Release();
    }
}
