using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Columns of numbers that say where: positions, filters, coordinates. Any numeric value type; fractions are cut off.</summary>
static unsafe class Positions
{
    /// <summary>What stands for a cell that is no position at all (nan, or beyond 64 bits).</summary>
    public const long None = long.MinValue;

    /// <summary>A column as 64-bit integers in a new matrix; <see cref="None"/> where a cell is none.</summary>
    /// <exception cref="RaisedException">It is not a column, or not of numbers.</exception>
    public static DenseMatrix<long> Read(Matrix column, string operation)
    {
        if (column.Cols != 1) throw Diag.ColumnNeeded.Raise(operation, column.Shape());
        switch (column.Here())
        {
            case DenseMatrix<long> c:
                c.Retain();
                return c;
            case DenseMatrix<double> c: return FromFloats(c);
            case DenseMatrix<float> c: return FromFloats(c);
            case DenseMatrix<ulong> c: return FromIntegers(c, c.Cell0);
            case DenseMatrix<int> c: return FromIntegers(c, c.Cell0);
            case DenseMatrix<uint> c: return FromIntegers(c, c.Cell0);
            case DenseMatrix<sbyte> c: return FromIntegers(c, c.Cell0);
            case DenseMatrix<byte> c: return FromIntegers(c, c.Cell0);
            case DenseMatrix<bool> c: return FromIntegers(c, (byte*)c.Cell0);
            case var other: throw Diag.NotSupportedYet.Raise($"{operation} with positions in a {other.ValueType.DslName()} {other.GetType().Name}");
        }
    }

    /// <summary>Positions 0 … extent - 1, counted from the end where negative; <paramref name="of"/> is what diagnostics name.</summary>
    /// <exception cref="RaisedException">One of them lies outside.</exception>
    public static DenseMatrix<long> Resolve(Matrix column, long extent, string axis, string operation, DataObject of)
    {
        var read = Read(column, operation);
        var result = DenseMatrix<long>.Allocate(read.Rows, 1);
        for (long i = 0; i < read.Rows; i++)
        {
            long given = read.Cell0[i], position = given < 0 ? given + extent : given;
            if ((ulong)position >= (ulong)extent)
            {
                result.Release();
                read.Release();
                throw Diag.PositionOutside.Raise(axis, given == None ? CellText(column, i) : given, of.Words());
            }
            result.Cell0[i] = position;
        }
        read.Release();
        return result;
    }

    /// <summary>A cell of a column as a diagnostic names it.</summary>
    public static object CellText(Matrix column, long row) => column.Here() switch
    {
        DenseMatrix<double> c => c[row, 0],
        DenseMatrix<float> c => c[row, 0],
        DenseMatrix<ulong> c => c[row, 0],
        DenseMatrix<long> c => c[row, 0],
        var other => throw new System.Diagnostics.UnreachableException($"every {other.ValueType} is a position"),
    };

    static DenseMatrix<long> FromFloats<T>(DenseMatrix<T> column) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var result = DenseMatrix<long>.Allocate(column.Rows, 1);
        for (long i = 0; i < column.Rows; i++)
        {
            T cell = column.Cell0[i];
            // Saturates to long.MaxValue, which is outside of everything; nan would become 0.
            result.Cell0[i] = T.IsNaN(cell) ? None : long.CreateSaturating(cell);
        }
        GC.KeepAlive(column);
        return result;
    }

    static DenseMatrix<long> FromIntegers<T>(Matrix column, T* cells) where T : unmanaged, INumber<T>
    {
        var result = DenseMatrix<long>.Allocate(column.Rows, 1);
        for (long i = 0; i < column.Rows; i++) result.Cell0[i] = long.CreateSaturating(cells[i]);
        GC.KeepAlive(column);
        return result;
    }
}
