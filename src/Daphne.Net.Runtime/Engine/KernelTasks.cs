using Daphne.Net.Kernels;

namespace Daphne.Net.Runtime;

/// <summary>The engine as kernels see it that cut their work themselves.</summary>
static class KernelTasks
{
    /// <summary>Runs a kernel's tasks on all threads of the engine; between two tasks the run can be cancelled, on one thread too.</summary>
    public static TaskRunner Tasks(this RunContext context) => (count, task) => context.Engine.Run(count, task, context.Cancellation);
}
