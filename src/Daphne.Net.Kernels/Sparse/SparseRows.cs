using Daphne.Net.Data;

namespace Daphne.Net.Kernels;

/// <summary>Rows of a sparse matrix in ranges of about equal work: rows may be of very different lengths.</summary>
static unsafe class SparseRows
{
    // Stored cells, rows counted as one each: a task of 2^15 takes about fifty microseconds.
    const long SmallestJob = 1 << 17, Task = 1 << 15;
    const int MostTasks = 256;

    /// <summary>Calls <paramref name="kernel"/> with ranges (first, end) that cover all rows, in tasks where that pays.</summary>
    /// <param name="x">Whose rows.</param>
    /// <param name="run">Who runs tasks; null: nobody.</param>
    /// <param name="kernel">Computes a range; ranges may run at the same time.</param>
    /// <param name="workPerCell">Operations per stored cell.</param>
    public static void Run<T>(CsrMatrix<T> x, TaskRunner? run, Action<long, long> kernel, long workPerCell = 1) where T : unmanaged
    {
        long work = x.Stored + x.Rows, cost = work > long.MaxValue / Math.Max(1, workPerCell) ? long.MaxValue : work * Math.Max(1, workPerCell);
        if (run is null || cost < SmallestJob)
        {
            kernel(0, x.Rows);
            return;
        }
        int tasks = (int)Math.Min(Math.Min(MostTasks, x.Rows), cost / Task);
        run(tasks, task =>
        {
            long first = RowAt(x, work, task, tasks), end = RowAt(x, work, task + 1, tasks);
            if (first < end) kernel(first, end);
        });
        GC.KeepAlive(x);
    }

    // The first row behind so many parts of the work.
    static long RowAt<T>(CsrMatrix<T> x, long work, int part, int parts) where T : unmanaged
    {
        if (part == parts) return x.Rows;
        long wanted = (long)((Int128)work * part / parts), low = 0, high = x.Rows;
        while (low < high)
        {
            long middle = (low + high) / 2;
            if (x.Offsets[middle] - x.Offsets[0] + middle < wanted) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
