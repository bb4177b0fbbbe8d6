using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>
/// Products whose sums run down the rows (t(X) @ Y for tall X and Y): strips of rows on all threads, added one after the other as the kernel itself does
/// (<see cref="RowStrips"/>), so that the bits stay.
/// </summary>
static class StripSums
{
    const long SmallestJob = 1 << 22, MostBytes = 64 << 20;

    /// <summary>The product over all rows.</summary>
    /// <param name="context">Whose engine and whose cancellation.</param>
    /// <param name="rows">Rows that are summed over.</param>
    /// <param name="workPerRow">Multiply-adds per row.</param>
    /// <param name="resultCells">Cells of the result.</param>
    /// <param name="part">The product over a range (first, count) of rows.</param>
    public static DenseMatrix<T> Run<T>(RunContext context, long rows, long workPerRow, long resultCells, Func<long, long, DenseMatrix<T>> part) where T : unmanaged
    {
        int threads = context.Engine.Threads;
        bool pays = threads > 1 && rows > RowStrips.Rows && rows * workPerRow >= SmallestJob && resultCells * sizeof(double) * threads <= MostBytes;
        if (!pays) return part(0, rows);
        var add = EwBinary.Kernel<T>(Op.EwAdd)!;
        long strips = (rows + RowStrips.Rows - 1) / RowStrips.Rows;
        int wave = (int)Math.Clamp(MostBytes / (resultCells * sizeof(double)), threads, threads * 16);
        DenseMatrix<T>? sum = null;
        var parts = new DenseMatrix<T>?[wave];
        for (long strip = 0; strip < strips; strip += wave)
        {
            int count = (int)Math.Min(wave, strips - strip);
            try
            {
                context.Engine.Run(count, i =>
                {
                    long first = (strip + i) * RowStrips.Rows;
                    parts[i] = part(first, Math.Min(RowStrips.Rows, rows - first));
                }, context.Cancellation);
            }
            catch
            {
                foreach (var made in parts) made?.Release();
                sum?.Release();
                throw;
            }
            for (int i = 0; i < count; i++)
            {
                var next = parts[i]!;
                parts[i] = null;
                if (sum is null)
                {
                    sum = next;
                    continue;
                }
                Elementwise.Binary(add, sum, next, sum);
                next.Release();
            }
        }
        return sum!;
    }
}
