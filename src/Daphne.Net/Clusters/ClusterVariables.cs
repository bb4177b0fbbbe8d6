using Daphne.Net.Deployment;

namespace Daphne.Net;

/// <summary>What another shell or program needs to use a cluster. Secrets stay in a file of the account; no port is opened.</summary>
static class ClusterVariables
{
    public const string Workers = "DISTRIBUTED_WORKERS", Cluster = "DAPHNE_CLUSTER", IdentityFile = "DAPHNE_IDENTITY_FILE";

    /// <summary>The variables of a cluster; null for one that is not to be there. Where the nodes are reached from here as any machine, their addresses, else the cluster's id.</summary>
    /// <exception cref="DeploymentException">It was stopped, or nobody has seen its workers yet.</exception>
    public static IReadOnlyDictionary<string, string?> Of(DeploymentRecord record, DeploymentRecords records)
    {
        if (record.Stopped) throw new DeploymentException(DeploymentFailure.NoSuchCluster, $"cluster {record.ClusterId} was stopped");
        if (record.Addresses.Count == 0) throw new DeploymentException(DeploymentFailure.NoSuchCluster, $"nobody has seen the workers of cluster {record.ClusterId} listen; wait for them with 'daphne slurm wait'");
        bool direct = record.Kind == "slurm" && record.Hosts[0].Host.Length == 0;
        return new SortedDictionary<string, string?>(StringComparer.Ordinal)
        {
            [Cluster] = direct ? null : record.ClusterId, [Workers] = direct ? string.Join(',', record.Addresses) : null, [IdentityFile] = records.WriteIdentity(record),
        };
    }

    /// <summary>Lines for a shell to evaluate.</summary>
    public static string Script(DeploymentRecord record, IReadOnlyDictionary<string, string?> variables) =>
        $"# cluster {record.ClusterId}: {record.Addresses.Count} workers; the identity's file is a secret\n"
        + (record.Hosts[0].Host.Length == 0 ? "" : $"# Its workers are reached inside the ssh connection to {string.Join(", ", record.Hosts.Select(h => h.Host))}, which 'daphne --distributed' makes for itself: no tunnel is needed.\n")
        + (record.Kind == "slurm" && record.Hosts[0].Host.Length > 0 ? $"# On a machine that reaches the nodes: {Workers}={string.Join(',', record.Addresses)} and a copy of that file as {IdentityFile}.\n" : "")
        + string.Concat(variables.Where(v => v.Value is null).Select(v => $"unset {v.Key}\n")) + string.Concat(variables.Where(v => v.Value is not null).Select(v => $"export {v.Key}={ShellQuote.Word(v.Value!)}\n"));
}
