namespace Daphne.Net.Deployment;

/// <summary>What the workers of a cluster wrote, and where they say that they listen.</summary>
static class WorkerLogs
{
    const int TailLines = 40;

    /// <summary>The name of a worker's log in the cluster's folder.</summary>
    public static string NameOf(int worker) => $"worker-{worker}.log";

    /// <summary>The addresses the workers said so far; null where one has not.</summary>
    public static async Task<string?[]> AddressesAsync(ClusterFolder folder, int workers, CancellationToken ct)
    {
        string said = (await folder.Shell.RunAsync(new($"cd {ShellQuote.Word(folder.Path)} || exit 1\ngrep -H -m 1 '^{LocalWorker.ReadyLine}' worker-*.log 2>/dev/null || true"), ct).ConfigureAwait(false))
            .Demand("looking for the workers' addresses", folder.Shell.Name);
        var addresses = new string?[workers];
        foreach (string line in said.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = line.IndexOf(':');
            if (int.TryParse(line.AsSpan("worker-".Length, colon - "worker-.log".Length), out int n) && n < workers) addresses[n] = line[(colon + 1 + LocalWorker.ReadyLine.Length)..].Trim();
        }
        return addresses;
    }

    /// <summary>The last lines of a log.</summary>
    public static async Task<string> TailAsync(ClusterFolder folder, string log, CancellationToken ct) =>
        (await folder.Shell.RunAsync(new($"tail -n {TailLines} {ShellQuote.Word($"{folder.Path}/{log}")} 2>/dev/null || true"), ct).ConfigureAwait(false)).Output.TrimEnd('\n');

    /// <summary>All logs, each line with the worker's name before it; with <paramref name="follow"/> until cancelled.</summary>
    public static async Task ReadAsync(ClusterFolder folder, bool follow, Action<string> onLine, CancellationToken ct)
    {
        string tail = follow ? "tail -n +1 -F worker-*.log job-*.log" : "tail -n +1 worker-*.log job-*.log";
        await folder.Shell.RunAsync(new($"cd {ShellQuote.Word(folder.Path)} || exit 1\n{tail} 2>/dev/null || true") { OnLine = onLine, Timeout = follow ? TimeSpan.FromDays(20) : TimeSpan.FromMinutes(5) }, ct).ConfigureAwait(false);
    }
}
