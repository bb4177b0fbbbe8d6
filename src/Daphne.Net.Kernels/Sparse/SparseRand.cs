using System.Numerics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;

namespace Daphne.Net.Kernels;

/// <summary>Sparse random matrices. The same seed gives the cells that the original gives to a sparse matrix; they are others than those of a dense one.</summary>
public static unsafe class SparseRand
{
    /// <summary>
    /// A matrix that stores the share <paramref name="sparsity"/> of its cells, evenly distributed, with values between the bounds as in <see cref="Rand"/>
    /// (but zero may be drawn). First all values are drawn, then how many cells each row has, then the columns of each row.
    /// </summary>
    /// <exception cref="RaisedException">The arguments make no matrix, or there is no memory for it.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public static CsrMatrix<T> Matrix<T>(long rows, long cols, T min, T max, double sparsity, long seed, CancellationToken ct = default) where T : unmanaged, INumber<T>
    {
        Rand.Check(rows, cols, min, max, sparsity);
        long stored = (long)Math.Round((double)rows * cols * sparsity, MidpointRounding.AwayFromZero);
        var result = CsrMatrix<T>.Allocate(rows, cols, stored);
        var random = new MinimalStandard(seed);
        for (long i = 0; i < stored; i++)
        {
            if (i % (1 << 20) == 0) ct.ThrowIfCancellationRequested();
            result.Values[i] = random.Between(min, max);
        }
        // Where most cells are stored, those that are not are drawn.
        bool few = sparsity <= 0.5;
        using var counts = new Scratch<long>(rows, zeroed: true);
        long* drawn = counts.Cell0;
        for (long left = few ? stored : rows * cols - stored; left > 0;)
        {
            long row = (long)random.UpTo((ulong)rows - 1);
            if (drawn[row] == cols) continue;
            drawn[row]++;
            left--;
        }
        DrawColumns(result, random, drawn, few, ct);
        return result;
    }

    static void DrawColumns<T>(CsrMatrix<T> result, MinimalStandard random, long* drawn, bool few, CancellationToken ct) where T : unmanaged, INumber<T>
    {
        using var set = new ColumnSet(result.Cols);
        long to = 0;
        result.Offsets[0] = 0;
        for (long r = 0; r < result.Rows; r++)
        {
            if (r % 4096 == 0) ct.ThrowIfCancellationRequested();
            for (long left = drawn[r]; left > 0;)
                if (set.Add((int)random.UpTo((ulong)result.Cols - 1))) left--;
            to = few ? set.WriteMembers(result.Columns, to) : set.WriteOthers(result.Columns, to);
            set.Clear();
            result.Offsets[r + 1] = to;
        }
    }

    // The columns of one row: a bit each, and a list, so that emptying it costs what was in it.
    sealed class ColumnSet(long cols) : IDisposable
    {
        readonly DenseMatrix<ulong> bits = DenseMatrix<ulong>.Allocate((cols + 63) / 64, 1, zeroed: true);
        readonly List<int> members = [];

        public bool Add(int column)
        {
            ref ulong word = ref bits.Cell0[column >> 6];
            ulong bit = 1UL << (column & 63);
            if ((word & bit) != 0) return false;
            word |= bit;
            members.Add(column);
            return true;
        }

        public long WriteMembers(int* columns, long to)
        {
            members.Sort();
            foreach (int column in members) columns[to++] = column;
            return to;
        }

        public long WriteOthers(int* columns, long to)
        {
            for (int column = 0; column < cols; column++)
                if ((bits.Cell0[column >> 6] >> (column & 63) & 1) == 0) columns[to++] = column;
            return to;
        }

        public void Clear()
        {
            foreach (int column in members) bits.Cell0[column >> 6] = 0;
            members.Clear();
        }

        public void Dispose() => bits.Release();
    }
}
