using Daphne.Net.Deployment;

namespace Daphne.Net.Cli;

/// <summary>What another shell needs to use a cluster, as lines for it to evaluate. Secrets stay in a file; no port is opened.</summary>
static class ClusterEnvironment
{
    public static string Of(DeploymentRecord record, DeploymentRecords records)
    {
        if (record.Stopped) throw new DeploymentException(DeploymentFailure.NoSuchCluster, $"cluster {record.ClusterId} was stopped");
        string identity = records.WriteIdentity(record);
        bool direct = record.Kind == "slurm" && record.Hosts[0].Host.Length == 0;
        string head = $"# cluster {record.ClusterId}: {record.Addresses.Count} workers; the identity's file is a secret\n";
        return direct
            ? $"{head}unset DAPHNE_CLUSTER\nexport DISTRIBUTED_WORKERS={ShellQuote.Word(string.Join(',', record.Addresses))}\nexport DAPHNE_IDENTITY_FILE={ShellQuote.Word(identity)}\n"
            : $"{head}# Its workers are reached inside the ssh connection to {string.Join(", ", record.Hosts.Select(h => h.Host))}, which 'daphne --distributed' makes for itself: no tunnel is needed.\n"
                + (record.Kind == "slurm" ? $"# On a machine that reaches the nodes: DISTRIBUTED_WORKERS={string.Join(',', record.Addresses)} and a copy of that file as DAPHNE_IDENTITY_FILE.\n" : "")
                + $"unset DISTRIBUTED_WORKERS\nexport DAPHNE_CLUSTER={record.ClusterId}\nexport DAPHNE_IDENTITY_FILE={ShellQuote.Word(identity)}\n";
    }
}
