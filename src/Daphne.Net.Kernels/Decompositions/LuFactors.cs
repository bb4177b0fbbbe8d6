using System.Numerics;

namespace Daphne.Net.Kernels;

/// <summary>
/// P A = L U in place, with partial pivoting. The columns are halved again and again: the left half is factored, the right one follows in a substitution
/// and a product, where nearly all of the work is.
/// </summary>
static unsafe class LuFactors<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    // Columns that are factored one by one, and rows that are substituted one by one.
    const long Few = 8, FewRows = 64;

    /// <summary>
    /// Factors an m x n matrix: below the diagonal L, which has ones on it, on and above it U. Row i was exchanged with row <paramref name="exchanges"/>[i], for
    /// i = 0, 1, … Returns the first column without a pivot, which is then left as it is; -1 if all have one.
    /// </summary>
    public static long Factor(T* a, long m, long n, Span<long> exchanges, TaskRunner? run = null)
    {
        long k = Math.Min(m, n), without = -1;
        Columns(a, m, n, 0, k, exchanges, ref without, run);
        LowerTriangle<T>.Solve(new Operand<T>(a, n, 1), k, unit: true, a + k, n, n - k, run);
        return without;
    }

    /// <summary>Does to the rows of another matrix what was done to those of the factored one.</summary>
    public static void Exchange(ReadOnlySpan<long> exchanges, T* x, long cols)
    {
        for (int i = 0; i < exchanges.Length; i++)
            if (exchanges[i] != i) Swap(x + i * cols, x + exchanges[i] * cols, cols);
    }

    /// <summary>Solves L U x = right in place for an n x n matrix.</summary>
    public static void Solve(T* a, long n, T* right, long m, TaskRunner? run = null)
    {
        LowerTriangle<T>.Solve(new Operand<T>(a, n, 1), n, unit: true, right, m, m, run);
        for (long end = n; end > 0; end = (end - 1) / FewRows * FewRows)
        {
            long k = (end - 1) / FewRows * FewRows;
            for (long i = end - 1; i >= k; i--)
            {
                for (long p = i + 1; p < end; p++) Lines<T>.AddScaled(-a[i * n + p], right + p * m, right + i * m, m);
                for (long j = 0; j < m; j++) right[i * m + j] /= a[i * n + i];
            }
            LowerTriangle<T>.SubtractProduct(new Operand<T>(a + k, n, 1), new Operand<T>(right + k * m, m, 1), right, m, k, m, end - k, run);
        }
    }

    static void Columns(T* a, long m, long n, long first, long end, Span<long> exchanges, ref long without, TaskRunner? run)
    {
        if (end - first <= Few)
        {
            for (long j = first; j < end; j++) Column(a, m, n, j, end, exchanges, ref without);
            return;
        }
        long half = first + (end - first) / 2, depth = half - first, rest = end - half;
        Columns(a, m, n, first, half, exchanges, ref without, run);
        LowerTriangle<T>.Solve(new Operand<T>(a + first * n + first, n, 1), depth, unit: true, a + first * n + half, n, rest, run);
        LowerTriangle<T>.SubtractProduct(new Operand<T>(a + half * n + first, n, 1), new Operand<T>(a + first * n + half, n, 1), a + half * n + half, n, m - half, rest, depth, run);
        Columns(a, m, n, half, end, exchanges, ref without, run);
    }

    static void Column(T* a, long m, long n, long j, long end, Span<long> exchanges, ref long without)
    {
        long pivot = j;
        T largest = T.Abs(a[j * n + j]);
        for (long i = j + 1; i < m; i++)
            if (T.Abs(a[i * n + j]) > largest) largest = T.Abs(a[(pivot = i) * n + j]);
        exchanges[(int)j] = pivot;
        if (pivot != j) Swap(a + j * n, a + pivot * n, n);
        if (largest == T.Zero)
        {
            if (without < 0) without = j;
            return;
        }
        T* row = a + j * n;
        for (long i = j + 1; i < m; i++)
        {
            T* other = a + i * n;
            T factor = other[j] /= row[j];
            for (long p = j + 1; p < end; p++) other[p] = Scalar.MultiplyAdd(-factor, row[p], other[p]);
        }
    }

    static void Swap(T* x, T* y, long count)
    {
        for (long i = 0; i < count; i++) (x[i], y[i]) = (y[i], x[i]);
    }
}
