using Daphne.Net.Deployment;
using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary><c>daphne clusters list|status|logs|stop|clean|sweep</c>: the clusters this account has on other machines.</summary>
static class ClustersCommand
{
    const string Usage = """
        The clusters this account has deployed on other machines.

        usage: daphne clusters list
               daphne clusters status [ID]     how the workers, or the job they run in, stand
               daphne clusters env ID          variables with which another shell uses it: eval "$(daphne clusters env ID)"
               daphne clusters logs ID [-f]    what the workers wrote; -f: and what they will write
               daphne clusters stop ID         ends the workers
               daphne clusters clean ID        ends them and removes what was made for the cluster
               daphne clusters sweep           cleans all clusters whose workers are gone, and those whose process died before it could

        ID is a cluster's id, or as much of its beginning as no other cluster has.

        """;

    /// <returns>The exit status: 0; 1 where the command line is wrong or there is no such cluster, 3 where a machine does not do as it should.</returns>
    public static int Run(IReadOnlyList<string> words, TextWriter output, TextWriter error)
    {
        return CommandEdge.Run(output, error, ct =>
        {
            return RunAsync(words, output, error, ct).GetAwaiter().GetResult();
        });
    }

    static async Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var records = new DeploymentRecords();
        switch (words)
        {
            case ["list"]:
                foreach (var record in records.List()) output.Write($"{record.ClusterId}  {record.Kind,-5}  {record.Created.LocalDateTime:yyyy-MM-dd HH:mm}  {What(record)}{(record.Stopped ? "  stopped" : "")}\n");
                return 0;
            case ["status"]:
                foreach (var record in records.List()) await StatusAsync(record, output, ct).ConfigureAwait(false);
                return 0;
            case ["status", var id]:
                await StatusAsync(Find(records, id), output, ct).ConfigureAwait(false);
                return 0;
            case ["env", var id]:
                output.Write(ClusterEnvironment.Of(Find(records, id), records));
                return 0;
            case ["logs", _] or ["logs", _, "-f"]:
                await WithAsync(Find(records, words[1]), d => d.LogsAsync(line => output.Write(line + "\n"), follow: words.Count == 3, ct)).ConfigureAwait(false);
                return 0;
            case ["stop", var id]:
                await WithAsync(Find(records, id), d => d.StopAsync(ct)).ConfigureAwait(false);
                return 0;
            case ["clean", var id]:
                await WithAsync(Find(records, id), d => d.CleanAsync(ct)).ConfigureAwait(false);
                return 0;
            case ["sweep"]:
                return await SweepAsync(records, output, error, ct).ConfigureAwait(false);
            case ["--help" or "-h"]:
                output.Write(Usage);
                return 0;
            default:
                error.Write(Usage);
                return (int)Stage.Parse;
        }
    }

    static async Task StatusAsync(DeploymentRecord record, TextWriter output, CancellationToken ct) => await WithAsync(record, async deployment =>
    {
        output.Write($"{record.ClusterId}  {record.Kind}  {What(record)}\n");
        foreach (string line in await deployment.StatusAsync(ct).ConfigureAwait(false)) output.Write($"  {line}\n");
    }).ConfigureAwait(false);

    // A cluster whose process lives is that process's, also before it has workers; one that nobody has to end is swept once it is over.
    static async Task<int> SweepAsync(DeploymentRecords records, TextWriter output, TextWriter error, CancellationToken ct)
    {
        int failed = 0;
        foreach (var record in records.List())
        {
            bool? left = record.IsLeft();
            if (left == false) continue;
            if (left is null && record.Owner is { } owner)
            {
                error.Write($"{record.ClusterId}  is left alone: it ends with {owner}, which cannot be seen from here; sweep there, or say 'daphne clusters clean {record.ClusterId}'\n");
                continue;
            }
            try
            {
                await WithAsync(record, async deployment =>
                {
                    if (await deployment.RunsAsync(ct).ConfigureAwait(false) && left != true) return;
                    await deployment.CleanAsync(ct).ConfigureAwait(false);
                    output.Write($"{record.ClusterId}  swept\n");
                }).ConfigureAwait(false);
            }
            catch (DeploymentException e)
            {
                failed++;
                error.Write($"{record.ClusterId}  {e.Message}\n");
            }
        }
        return failed == 0 ? 0 : (int)Stage.Execute;
    }

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
