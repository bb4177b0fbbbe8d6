using System.Diagnostics;
using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>
/// The cells of two columns as numbers of one order: equal where the exact values are, whatever their types, and smaller where they are smaller. A nan
/// has the number <see cref="NaN"/>, which no other cell has.
/// </summary>
sealed unsafe class SharedRanks : IDisposable
{
    public const int NaN = -1;

    readonly DenseMatrix<int> ranks;
    readonly long leftRows;

    SharedRanks(DenseMatrix<int> ranks, long leftRows) => (this.ranks, this.leftRows) = (ranks, leftRows);

    public int* Left => ranks.Cell0;
    public int* Right => ranks.Cell0 + leftRows;

    public static SharedRanks Of(Matrix left, Matrix right)
    {
        if (left.ValueType == ValueTypeCode.Str != (right.ValueType == ValueTypeCode.Str)) throw Diag.JoinTypes.Raise(left.ValueType.DslName(), right.ValueType.DslName());
        long rows = checked(left.Rows + right.Rows);
        KeyGuard.Numerable(rows);
        var ranks = new SharedRanks(DenseMatrix<int>.Allocate(rows, 1), left.Rows);
        if (left.Here() is StringMatrix leftText) ranks.OfTexts(leftText, (StringMatrix)right.Here());
        else ranks.OfNumbers(left.Here(), right.Here(), rows);
        return ranks;
    }

    void OfTexts(StringMatrix left, StringMatrix right)
    {
        string[] texts = [.. left.Span, .. right.Span];
        int[] order = [.. Enumerable.Range(0, texts.Length)];
        Array.Sort(texts, order, TextOrder.Instance);
        int rank = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            if (i > 0 && texts[i] != texts[i - 1]) rank++;
            ranks.Cell0[order[i]] = rank;
        }
    }

    // A 64-bit integer is the f64 next to it and the small rest: sorted by the rest, then by the f64, all numbers are in their exact order.
    void OfNumbers(Matrix left, Matrix right, long rows)
    {
        using var scratch = new Scratch<ulong>(5 * rows);
        ulong* near = scratch.Cell0, rest = near + rows, order = rest + rows, more = order + rows;
        Split(left, near, rest);
        Split(right, near + left.Rows, rest + left.Rows);
        for (long i = 0; i < rows; i++) order[i] = (ulong)i;
        using var keys = new Scratch<ulong>(rows);
        Cells.Copy(rest, keys.Cell0, rows);
        RadixSort.Sort(keys.Cell0, order, rows, more);
        for (long i = 0; i < rows; i++) keys.Cell0[i] = near[order[i]];
        RadixSort.Sort(keys.Cell0, order, rows, more);
        int rank = 0;
        for (long i = 0; i < rows; i++)
        {
            ulong at = order[i], before = i > 0 ? order[i - 1] : at;
            if (near[at] != near[before] || rest[at] != rest[before]) rank++;
            ranks.Cell0[at] = near[at] == ulong.MaxValue ? NaN : rank;
        }
    }

    static void Split(Matrix column, ulong* near, ulong* rest)
    {
        switch (column)
        {
            case DenseMatrix<double> c: Floats(c, near, rest); break;
            case DenseMatrix<float> c: Floats(c, near, rest); break;
            case DenseMatrix<long> c: Integers(c, c.Cell0, near, rest); break;
            case DenseMatrix<ulong> c: Integers(c, c.Cell0, near, rest); break;
            case DenseMatrix<int> c: Integers(c, c.Cell0, near, rest); break;
            case DenseMatrix<uint> c: Integers(c, c.Cell0, near, rest); break;
            case DenseMatrix<sbyte> c: Integers(c, c.Cell0, near, rest); break;
            case DenseMatrix<byte> c: Integers(c, c.Cell0, near, rest); break;
            case DenseMatrix<bool> c: Integers(c, (byte*)c.Cell0, near, rest); break;
            default: throw new UnreachableException($"a column of {column.GetType().Name}");
        }
    }

    const ulong NoRest = 1UL << 63;

    static void Floats<T>(DenseMatrix<T> column, ulong* near, ulong* rest) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (long i = 0; i < column.Rows; i++) (near[i], rest[i]) = (T.IsNaN(column.Cell0[i]) ? ulong.MaxValue : SortKeys.Of(column.Cell0[i]), NoRest);
        GC.KeepAlive(column);
    }

    static void Integers<T>(Matrix column, T* cells, ulong* near, ulong* rest) where T : unmanaged, IBinaryInteger<T>
    {
        for (long i = 0; i < column.Rows; i++)
        {
            double next = double.CreateTruncating(cells[i]);
            near[i] = SortKeys.Of(next);
            rest[i] = NoRest + (ulong)(long)(Int128.CreateTruncating(cells[i]) - (Int128)next);
        }
        GC.KeepAlive(column);
    }

    public void Dispose() => ranks.Release();
}
