namespace Daphne.Net.Kernels;

/// <summary>Rows cut into ranges for tasks.</summary>
static class RowTasks
{
    /// <summary>Does it for all rows: in one piece without a runner or for few rows, else range by range.</summary>
    public static void Run(long rows, long rowsOfTask, TaskRunner? run, Action<long, long> range)
    {
        if (run is null || rows <= rowsOfTask) range(0, rows);
        else run(checked((int)((rows + rowsOfTask - 1) / rowsOfTask)), task => range(task * rowsOfTask, Math.Min(rows, (task + 1) * rowsOfTask)));
    }
}
