using Daphne.Net.Data;
using Daphne.Net.Runtime;

namespace Daphne.Net.Distributed;

/// <summary>How workers of this process run fragments: all of them on the engine of the process.</summary>
static class FragmentExecution
{
    static readonly Lazy<FragmentRunner> runner = new(() => new(TaskEngine.Shared));

    public static Datum[] Run(string text, IReadOnlyList<Datum> inputs, CancellationToken ct) => runner.Value.Run(text, [.. inputs], ct);
}
