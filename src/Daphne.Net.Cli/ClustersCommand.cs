using Daphne.Net.Deployment;
using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary><c>daphne clusters list|status|env|attach|logs|stop|clean|sweep</c>: the clusters this account has on other machines.</summary>
static class ClustersCommand
{
    const string Usage = """
        The clusters this account has deployed on other machines.

        usage: daphne clusters list
               daphne clusters status [ID]     how the workers, or the job they run in, stand
               daphne clusters env ID          variables with which another shell uses it: eval "$(daphne clusters env ID)"
               daphne clusters attach ID [COMMAND ...]
                                               a shell (or COMMAND) with these variables; the cluster is held as long as it runs
               daphne clusters logs ID [-f]    what the workers wrote; -f: and what they will write
               daphne clusters stop ID         ends the workers
               daphne clusters clean ID        ends them and removes what was made for the cluster
               daphne clusters sweep           cleans all clusters whose workers are gone, and those whose process died before it could

        ID is a cluster's id, or as much of its beginning as no other cluster has. --json behind 'clusters': results as JSON, one object a line.

        """;

    /// <returns>The exit status: 0; 1 where the command line is wrong or there is no such cluster, 3 where a machine does not do as it should; of <c>attach</c> the shell's.</returns>
    public static int Run(IReadOnlyList<string> words, TextWriter output, TextWriter error)
    {
        // Behind 'attach ID' the words are another program's.
        int own = words.TakeWhile(w => w != "attach").Count() is var at && at < words.Count ? Math.Min(at + 2, words.Count) : words.Count;
        string[] given = [.. words.Take(own).Where(w => w != "--json"), .. words.Skip(own)];
        return CommandEdge.Run("clusters" + (given is [[not '-', ..] verb, ..] ? " " + verb : ""), [.. words.Take(own)], output, error, (report, ct) => RunAsync(given, output, report, ct).GetAwaiter().GetResult(), stops: given is not ["attach", ..]);
    }

    static async Task<int> RunAsync(string[] words, TextWriter output, DeployReport report, CancellationToken ct)
    {
        var records = new DeploymentRecords();
        switch (words)
        {
            case ["list"]:
                foreach (var record in records.List())
                    report.Result($"{record.ClusterId}  {record.Kind,-5}  {record.Created.LocalDateTime:yyyy-MM-dd HH:mm}  {What(record)}{(record.Stopped ? "  stopped" : "")}", Fields(record, ("created", record.Created), ("stopped", record.Stopped)));
                return 0;
            case ["status"]:
                foreach (var record in records.List()) await StatusAsync(record, report, ct).ConfigureAwait(false);
                return 0;
            case ["status", var id]:
                await StatusAsync(Find(records, id), report, ct).ConfigureAwait(false);
                return 0;
            case ["env", var id]:
                var (named, variables) = (Find(records, id), ClusterVariables.Of(Find(records, id), records));
                report.Result(ClusterVariables.Script(named, variables).TrimEnd('\n'), ("cluster", named.ClusterId), ("environment", variables));
                return 0;
            case ["attach", var id, .. var command]:
                return await AttachedShell.RunAsync(Find(records, id), records, command, report, ct).ConfigureAwait(false);
            case ["logs", _] or ["logs", _, "-f"]:
                await WithAsync(Find(records, words[1]), d => d.LogsAsync(line =>
                {
                    report.Output.Write(line + "\n");
                    report.Output.Flush();
                }, follow: words.Length == 3, ct)).ConfigureAwait(false);
                return 0;
            case ["stop", var id]:
                await WithAsync(Find(records, id), async d =>
                {
                    await d.StopAsync(ct).ConfigureAwait(false);
                    report.Result("", ("cluster", d.Record.ClusterId), ("stopped", true));
                }).ConfigureAwait(false);
                return 0;
            case ["clean", var id]:
                await WithAsync(Find(records, id), async d =>
                {
                    await d.CleanAsync(ct).ConfigureAwait(false);
                    report.Result("", ("cluster", d.Record.ClusterId), ("removed", true));
                }).ConfigureAwait(false);
                return 0;
            case ["sweep"]:
                return await SweepAsync(records, report, ct).ConfigureAwait(false);
            case ["--help" or "-h"]:
                output.Write(Usage);
                return 0;
            default:
                report.Failed(Usage, "usage", (int)Stage.Parse);
                return (int)Stage.Parse;
        }
    }

    static async Task StatusAsync(DeploymentRecord record, DeployReport report, CancellationToken ct) => await WithAsync(record, async deployment =>
    {
        var lines = await deployment.StatusAsync(ct).ConfigureAwait(false);
        report.Result(string.Join("\n  ", lines.Prepend($"{record.ClusterId}  {record.Kind}  {What(record)}")), Fields(record, ("lines", lines)));
    }).ConfigureAwait(false);

    // A cluster whose process lives is that process's, also before it has workers; one that nobody has to end is swept once it is over.
    static async Task<int> SweepAsync(DeploymentRecords records, DeployReport report, CancellationToken ct)
    {
        int failed = 0;
        foreach (var record in records.List())
        {
            bool? left = record.IsLeft();
            if (left == false) continue;
            if (left is null && record.Owner is { } owner)
            {
                report.Say($"{record.ClusterId}  is left alone: it ends with {owner}, which cannot be seen from here; sweep there, or say 'daphne clusters clean {record.ClusterId}'");
                continue;
            }
            try
            {
                await WithAsync(record, async deployment =>
                {
                    if (await deployment.RunsAsync(ct).ConfigureAwait(false) && left != true) return;
                    await deployment.CleanAsync(ct).ConfigureAwait(false);
                    report.Result($"{record.ClusterId}  swept", ("cluster", record.ClusterId), ("removed", true));
                }).ConfigureAwait(false);
            }
            catch (DeploymentException e)
            {
                failed++;
                report.Say($"{record.ClusterId}  {e.Message}");
            }
        }
        return failed == 0 ? 0 : (int)Stage.Execute;
    }

    static (string, object?)[] Fields(DeploymentRecord record, params (string, object?)[] more) =>
        [("cluster", record.ClusterId), ("kind", record.Kind), ("hosts", record.Hosts.Select(h => h.Host)), ("job", record.Jobs is [var job, ..] ? job.Id : null), ("workers", record.Addresses.Count), .. more];

    static async Task WithAsync(DeploymentRecord record, Func<IDeployment, Task> use)
    {
        var deployment = DaphneCluster.DeploymentOf(record);
        await using (deployment.ConfigureAwait(false)) await use(deployment).ConfigureAwait(false);
    }

    static DeploymentRecord Find(DeploymentRecords records, string id) =>
        records.Find(id) ?? throw new DeploymentException(DeploymentFailure.NoSuchCluster, $"no cluster '{id}' is recorded here, or several begin so; daphne clusters list shows those that are");

    static string What(DeploymentRecord record) =>
        record.Kind == "slurm" ? $"{(record.Hosts[0].Host is { Length: > 0 } login ? login : "this machine")}, job {(record.Jobs is [var job, ..] ? job : "none")}, {record.Addresses.Count} workers"
        : $"{string.Join(' ', record.Hosts.Select(h => h.Host))}, {record.Hosts.Sum(h => h.Processes.Count)} workers";
}
