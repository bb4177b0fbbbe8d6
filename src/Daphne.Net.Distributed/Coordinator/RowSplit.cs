namespace Daphne.Net.Distributed;

/// <summary>The original's rule for who gets which rows: as even as it goes, the first workers get one more.</summary>
static class RowSplit
{
    /// <summary>The range of rows of worker <paramref name="worker"/> of <paramref name="workers"/>: k = rows / workers, m = rows % workers, from i*k + min(i, m).</summary>
    public static (long First, long Count) Of(long rows, int workers, int worker)
    {
        long k = rows / workers, m = rows % workers;
        long first = worker * k + Math.Min(worker, m), end = (worker + 1) * k + Math.Min(worker + 1, m);
        return (first, end - first);
    }
}
