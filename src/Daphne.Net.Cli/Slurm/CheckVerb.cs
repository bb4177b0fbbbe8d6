using System.Globalization;
using Daphne.Net.Deployment;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.Cli;

/// <summary><c>check</c>: would workers run on a compute node, and reach us?</summary>
sealed class CheckVerb() : SlurmVerb("check", "Looks at a compute node: machine, libraries, container runtime, scratch, and whether a worker there is reached.")
{
    static readonly TimeSpan helloTime = TimeSpan.FromSeconds(10), lifetime = TimeSpan.FromMinutes(30), mostTime = TimeSpan.FromMinutes(2);

    public override async Task<int> RunAsync(SlurmSession session, CancellationToken ct)
    {
        session.AtMost(0, Name);
        var slurm = session.Slurm();
        var (program, _) = await session.Bundle().InstallAsync(session.Login, session.Settings.Root, null, ct).ConfigureAwait(false);
        var (secrets, identity) = DaphneCluster.NewSecrets(lifetime);
        var folder = await ClusterFolder.MakeAsync(session.Login, session.Settings.Root, secrets.ClusterId, secrets.ClusterId, secrets.WorkerPem, ct).ConfigureAwait(false);
        try
        {
            var check = new NodeCheck(session.Login, session.Settings.Srun, await session.LaunchPrefixAsync(folder.Root, ct).ConfigureAwait(false)) { Timeout = session.Settings.Timeout ?? mostTime };
            string ports = slurm.Ports is { } range ? string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}") : "0";
            var findings = await check.RunAsync(folder, program, ports, (address, cancel) => GreetAsync(session, identity, address, cancel), ct).ConfigureAwait(false);
            foreach (var finding in findings)
                session.Report.Result($"{(finding.Good switch { true => "ok      ", false => "MISSING ", _ => "        " })}{finding.Name,-11} {finding.Detail}", ("name", finding.Name), ("good", finding.Good), ("detail", finding.Detail));
            return findings.Any(f => f.Good == false) ? (int)Stage.Execute : 0;
        }
        finally
        {
            await folder.RemoveAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    static async Task GreetAsync(SlurmSession session, PeerIdentity identity, string address, CancellationToken ct)
    {
        var client = new GrpcWorkerClient(address, new() { Identity = identity, ClusterId = identity.ClusterId, Connect = session.Login is LocalShell ? null : session.Login.ConnectAsync });
        await using (client.ConfigureAwait(false))
        {
            try
            {
                await client.HelloAsync(new(helloTime), ct).ConfigureAwait(false);
            }
            catch (WorkerException e)
            {
                throw new IOException(e.Message, e);
            }
        }
    }
}
