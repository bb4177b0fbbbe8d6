using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Runtime;

/// <summary>Where conditions hold: where they are not 0 and not nan.</summary>
static unsafe class SqlTruth
{
    /// <summary>The positions of all rows, as a column.</summary>
    public static DenseMatrix<long> All(long count)
    {
        var all = DenseMatrix<long>.Allocate(count, 1);
        for (long i = 0; i < count; i++) all.Cell0[i] = i;
        return all;
    }

    /// <summary>The positions where a condition holds, as a column.</summary>
    public static DenseMatrix<long> Positions(Matrix condition)
    {
        var (yes, no) = Both(condition);
        no.Release();
        return yes;
    }

    /// <summary>The positions where a condition holds, and all others.</summary>
    public static (DenseMatrix<long> Yes, DenseMatrix<long> No) Both(Matrix condition) => condition switch
    {
        DenseMatrix<double> c => Both(c, c.Cell0),
        DenseMatrix<float> c => Both(c, c.Cell0),
        DenseMatrix<long> c => Both(c, c.Cell0),
        DenseMatrix<ulong> c => Both(c, c.Cell0),
        DenseMatrix<int> c => Both(c, c.Cell0),
        DenseMatrix<uint> c => Both(c, c.Cell0),
        DenseMatrix<sbyte> c => Both(c, c.Cell0),
        DenseMatrix<byte> c => Both(c, c.Cell0),
        DenseMatrix<bool> c => Both(c, (byte*)c.Cell0),
        _ => throw new System.Diagnostics.UnreachableException($"a condition of {condition.ValueType.DslName()}"),
    };

    static (DenseMatrix<long> Yes, DenseMatrix<long> No) Both<T>(Matrix condition, T* cells) where T : unmanaged, INumber<T>
    {
        long rows = condition.Rows, held = 0;
        for (long i = 0; i < rows; i++) held += Holds(cells[i]) ? 1 : 0;
        DenseMatrix<long> yes = DenseMatrix<long>.Allocate(held, 1), no = DenseMatrix<long>.Allocate(rows - held, 1);
        long* ys = yes.Cell0, ns = no.Cell0;
        for (long i = 0; i < rows; i++)
            if (Holds(cells[i])) *ys++ = i;
            else *ns++ = i;
        GC.KeepAlive(condition);
        return (yes, no);
    }

    static bool Holds<T>(T cell) where T : INumber<T> => !T.IsZero(cell) && !T.IsNaN(cell);
}
