using Daphne.Net.Deployment;
using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary><c>daphne ssh</c>: workers on machines reached over ssh, with the options of the original's script.</summary>
static class SshCommand
{
    static readonly TimeSpan lifetime = TimeSpan.FromDays(30), deadMan = TimeSpan.FromDays(10);

    /// <returns>The exit status: 0, 1 where the command line is wrong or there is no such cluster, 3 where a machine does not do as it should.</returns>
    public static int Run(IReadOnlyList<string> words, TextWriter output, TextWriter error)
    {
        return CommandEdge.Run("ssh", words, output, error, (report, ct) =>
        {
            var settings = new SshSettings();
            var rest = Flags.Parse(SshSettings.Table, words, settings);
            if (rest.Count > 0) throw new ScriptException(Diag.WordTooMany.At(default, rest[0], "daphne ssh", "options only"));
            if (settings.Help)
            {
                output.Write(Help());
                return 0;
            }
            if (!settings.Deploy && !settings.Run && !settings.Status && !settings.Kill) throw new ScriptException(Diag.NothingToDo.At(default));
            if (OperatingSystem.IsWindows()) throw new DeploymentException(DeploymentFailure.BadOption, "deploying over SSH needs a Unix machine");
            return RunAsync(settings, report, ct).GetAwaiter().GetResult();
        });
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    static async Task<int> RunAsync(SshSettings settings, DeployReport report, CancellationToken ct)
    {
        var peers = settings.Peers.Select(p => SshPeer.Parse(p, settings.Port)).GroupBy(p => p.Host).ToArray();
        string[] hosts = [.. peers.Select(p => p.Key)];
        if (settings.Deploy) await TransferAsync(hosts, settings, report, ct).ConfigureAwait(false);
        if (settings.Run)
        {
            var (secrets, _) = DaphneCluster.NewSecrets(lifetime);
            var deployment = await SshDeployment.StartAsync(new()
            {
                Hosts = hosts, Ssh = settings.SshOptions(), RemoteFolder = settings.Root, Bundle = BundleSource.Find(settings.Bundle), DeadMan = deadMan, Ports = [.. peers.Select(p => p.Select(w => w.Port).ToArray())],
            }, secrets, report, ct).ConfigureAwait(false);
            await using (deployment.ConfigureAwait(false))
                report.Result(secrets.ClusterId, ("cluster", secrets.ClusterId), ("hosts", hosts), ("workers", deployment.Addresses.Count));
            report.Say($"run a script there with: daphne --distributed --cluster={secrets.ClusterId} script.daphne");
        }
        if (settings.Status) await WithAsync(settings, hosts, async deployment =>
        {
            string[] lines = [.. await deployment.StatusAsync(ct).ConfigureAwait(false)];
            report.Result($"cluster {deployment.Record.ClusterId}\n{string.Join('\n', lines)}", ("cluster", deployment.Record.ClusterId), ("lines", lines));
        }).ConfigureAwait(false);
        if (settings.Kill) await WithAsync(settings, hosts, async deployment =>
        {
            await deployment.CleanAsync(ct).ConfigureAwait(false);
            report.Result($"cluster {deployment.Record.ClusterId} is gone", ("cluster", deployment.Record.ClusterId), ("stopped", true));
        }).ConfigureAwait(false);
        return 0;
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    static async Task TransferAsync(string[] hosts, SshSettings settings, DeployReport report, CancellationToken ct)
    {
        var bundle = BundleSource.Build(settings.Bundle, report.Error, ct);
        var outcomes = await Task.WhenAll(hosts.Select(async host =>
        {
            var shell = new SshShell(host, settings.SshOptions());
            await using (shell.ConfigureAwait(false))
            {
                try
                {
                    var (program, sent) = await bundle.InstallAsync(shell, settings.Root, null, ct).ConfigureAwait(false);
                    report.Result($"{host}: {program}{(sent ? "" : " was there")}", ("host", host), ("program", program), ("sent", sent));
                    return null;
                }
                catch (DeploymentException e)
                {
                    return e;
                }
            }
        })).ConfigureAwait(false);
        // All hosts are tried, and every one that failed is named.
        DeploymentException[] failed = [.. outcomes.OfType<DeploymentException>()];
        if (failed.Length > 0) throw new DeploymentException(failed[0].Reason, string.Join('\n', failed.Select(e => e.Message)), failed[0]);
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    static async Task WithAsync(SshSettings settings, string[] hosts, Func<SshDeployment, Task> use)
    {
        var record = new DeploymentRecords().List().LastOrDefault(r => r.Kind == "ssh" && !r.Stopped && (!settings.PeersGiven || r.Hosts.Select(h => h.Host).Order().SequenceEqual(hosts.Order())))
            ?? throw new DeploymentException(DeploymentFailure.NoSuchCluster, settings.PeersGiven ? $"no cluster on {string.Join(", ", hosts)} is recorded here; daphne clusters list shows those that are" : "no cluster over ssh is recorded here; start one with 'daphne ssh --run'");
        var deployment = SshDeployment.Attach(record);
        await using (deployment.ConfigureAwait(false)) await use(deployment).ConfigureAwait(false);
    }

    static string Help() => $"""
        Workers on machines reached over ssh, without a scheduler. All traffic goes inside one ssh connection to each machine.

        usage: daphne ssh <options>

        Options
        {Flags.Help(SshSettings.Table)}
        Examples
          daphne ssh --deploy --pathToBuild /path/to/dir --peers node1,node2
          daphne ssh -r --peers node1:5000,node1:5001,node2
          daphne ssh -s
          daphne --distributed --cluster=ID example.daphne
          daphne ssh --kill

        """;
}
