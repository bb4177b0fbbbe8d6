using System.Globalization;
using System.Text.RegularExpressions;

namespace Daphne.Net.Deployment;

/// <summary>A worker that said that it listens.</summary>
/// <param name="Job">The number of the job it runs in; 0 without a scheduler.</param>
/// <param name="Generation">How often Slurm started the job again before this one.</param>
/// <param name="Number">Which worker of the job.</param>
/// <param name="Address">Where it listens.</param>
public readonly record struct ListeningWorker(long Job, int Generation, int Number, string Address);

/// <summary>What the workers of a cluster wrote, and where they say that they listen.</summary>
static partial class WorkerLogs
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

    // What the job script calls them: worker-JOB-RESTARTS-TASK.log
    [GeneratedRegex(@"^worker-(\d{1,18})-(\d{1,9})-(\d{1,9})\.log:(.*)$")]
    private static partial Regex OfJob { get; }

    /// <summary>
    /// The workers of jobs that said so far that they listen, in order of jobs and numbers; of a job that was started again only the latest. A controller that lost the start of a job
    /// starts it once more without counting that: then both stand in one log, and the last one counts.
    /// </summary>
    public static async Task<IReadOnlyList<ListeningWorker>> OfJobsAsync(ClusterFolder folder, CancellationToken ct)
    {
        // A file may be seen before what is in it; grep reads it again when it is asked again.
        string said = (await folder.Shell.RunAsync(new($"cd {ShellQuote.Word(folder.Path)} || exit 1\ngrep -H '^{LocalWorker.ReadyLine}' worker-*-*-*.log 2>/dev/null || true"), ct).ConfigureAwait(false))
            .Demand("looking for the workers' addresses", folder.Shell.Name);
        return Latest(said.Split('\n').Select(line => OfJob.Match(line)).Where(m => m.Success).Select(m =>
            new ListeningWorker(long.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(m.Groups[2].ValueSpan, CultureInfo.InvariantCulture), int.Parse(m.Groups[3].ValueSpan, CultureInfo.InvariantCulture),
                m.Groups[4].Value[LocalWorker.ReadyLine.Length..].Trim())));
    }

    internal static IReadOnlyList<ListeningWorker> Latest(IEnumerable<ListeningWorker> all) =>
        [.. all.GroupBy(w => w.Job).SelectMany(job => job.Where(w => w.Generation == job.Max(o => o.Generation)).GroupBy(w => w.Number).Select(same => same.Last())).OrderBy(w => w.Job).ThenBy(w => w.Number)];

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
