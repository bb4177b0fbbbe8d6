using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Daphne.Net.Deployment;

/// <summary>
/// A script as a program of MPI, in the job that a deployment has: one rank for each worker asked for, of which rank 0 coordinates. The ranks share cores with the
/// workers that wait there. It ends as a whole: with the first rank that dies Slurm ends the others.
/// </summary>
public sealed partial class MpiStep
{
    /// <summary>Plugins of <c>srun --mpi</c> and the library that understands them.</summary>
    static readonly (string Plugin, string Make, string Library)[] known = [("pmix", "Open MPI", "libmpi.so.40"), ("pmi2", "MPICH", "libmpich.so.12")];

    const int MostSaid = 1 << 20;

    readonly SlurmDeployment deployment;
    readonly string[] srun;

    MpiStep(SlurmDeployment deployment, string plugin, string library, string[] srun) => (this.deployment, Plugin, Library, this.srun) = (deployment, plugin, library, srun);

    /// <summary>What <c>srun --mpi</c> is given.</summary>
    public string Plugin { get; }

    /// <summary>The library found on the node.</summary>
    public string Library { get; }

    /// <summary>Looks what Slurm offers and which library of MPI a node of the job has.</summary>
    /// <param name="deployment">The job; it must run.</param>
    /// <param name="srunWords">Further options of <c>srun</c>; with <c>--mpi=…</c> that plugin and no other.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="DeploymentException">The job does not run, or there is no pair of plugin and library; the message says what there is.</exception>
    public static async Task<MpiStep> FindAsync(SlurmDeployment deployment, IReadOnlyList<string> srunWords, CancellationToken ct = default)
    {
        var folder = FolderOf(deployment);
        var state = await deployment.JobAsync(ct).ConfigureAwait(false);
        if (state.Phase != JobPhase.Running) throw new DeploymentException(DeploymentFailure.JobEnded, $"job {deployment.Record.Jobs[0]} does not run: {state}; wait for it with 'daphne slurm wait'");
        if (deployment.Record.Workers < 2) throw new DeploymentException(DeploymentFailure.BadOption, "a program of MPI needs two ranks or more, of which the first coordinates: start two workers or more, or use --dist_backend=sync-gRPC");
        string? asked = srunWords.Select(w => w.StartsWith("--mpi=", StringComparison.Ordinal) ? w["--mpi=".Length..] : null).FirstOrDefault(w => w is not null);
        string look = $$"""
            PATH=$PATH:/usr/sbin:/sbin
            for l in {{string.Join(' ', known.Select(k => k.Library))}}; do
                if ldconfig -p 2>/dev/null | grep -q "^[[:space:]]*$l "; then echo $l; continue; fi
                for d in $(echo "$LD_LIBRARY_PATH" | tr : ' '); do if [ -e "$d/$l" ]; then echo $l; break; fi; done
            done
            """;
        // Where a container runs the ranks, its libraries are theirs.
        string[] there = [.. Step(deployment), "--nodes=1", "--ntasks=1", "--quiet", "--mpi=none", .. deployment.Record.Launch.SkipLast(1), "sh", "-c", look];
        var plugins = folder.Shell.RunAsync(new("srun --mpi=list 2>&1"), ct);
        string[] libraries = (await folder.Shell.RunAsync(ShellCommand.Of(there), ct).ConfigureAwait(false)).Demand("looking for a library of MPI on a node", folder.Shell.Name).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string offered = (await plugins.ConfigureAwait(false)).Output;
        var found = known.FirstOrDefault(k => (asked is null ? PluginName(offered, k.Plugin) : asked.StartsWith(k.Plugin, StringComparison.Ordinal)) && libraries.Contains(k.Library));
        if (found == default)
            throw new DeploymentException(DeploymentFailure.ProgramMissing, $"no MPI to start ranks with: Slurm offers {string.Join(", ", known.Where(k => PluginName(offered, k.Plugin)).Select(k => k.Plugin).DefaultIfEmpty("no plugin we know"))}{(asked is null ? "" : $", --mpi={asked} was asked for")}, and the node has {string.Join(", ", libraries.DefaultIfEmpty("none of " + string.Join(", ", known.Select(k => k.Library))))}; "
                + $"{string.Join(", ", known.Select(k => $"{k.Plugin} goes with {k.Make} ({k.Library})"))}. Load its module in the job's prologue, or use --dist_backend=sync-gRPC, which needs none");
        return new(deployment, asked ?? found.Plugin, found.Library, [.. srunWords.Where(w => !w.StartsWith("--mpi=", StringComparison.Ordinal))]);
    }

    /// <summary>Starts the script. It goes on when we are gone.</summary>
    /// <param name="script">The text of the script.</param>
    /// <param name="options">Options of the tool.</param>
    /// <param name="arguments">Arguments of the script.</param>
    /// <param name="ct">Ends it.</param>
    public Task<RemoteRun> StartAsync(byte[] script, IReadOnlyList<string> options, IReadOnlyList<string> arguments, CancellationToken ct = default) =>
        RemoteRun.StartMpiAsync(FolderOf(deployment), deployment.Record, script, (options, arguments), Words(), ct);

    /// <summary>Gives what the script writes, until it ends.</summary>
    /// <returns>The script's exit status.</returns>
    /// <exception cref="DeploymentException">A rank died, and with it the run; the message names it and the signal.</exception>
    public static async Task<int> FollowAsync(RemoteRun run, Action<string> onOutput, Action<string> onError, CancellationToken ct = default)
    {
        var said = new StringBuilder();
        int status = await run.FollowAsync(onOutput, text =>
        {
            // How ranks ended comes last.
            if (said.Append(text).Length > 2 * MostSaid) said.Remove(0, said.Length - MostSaid);
            onError(text);
        }, ct).ConfigureAwait(false);
        if (status == 0) return 0;
        if (Death(said.ToString()) is { } death) throw new DeploymentException(DeploymentFailure.WorkerEnded, death + ". A job of MPI ends as a whole with any of its ranks; workers of --dist_backend=sync-gRPC end one by one");
        return StatusOfRank0(said.ToString()) ?? status;
    }

    /// <summary>The first rank that a signal ended, in words, from what <c>srun</c> said; null where none was.</summary>
    internal static string? Death(string said)
    {
        var match = Ended().Match(said);
        if (!match.Success || SignalOf(match.Groups["how"].Value) is not { } signal) return null;
        return string.Create(CultureInfo.InvariantCulture, $"rank {match.Groups["rank"].Value} on {match.Groups["node"].Value} was ended by signal {signal} ({match.Groups["how"].Value})");
    }

    /// <summary>The exit status of rank 0, from what <c>srun</c> said: its own is the worst of all. Null where it was a signal, or <c>srun</c> named no rank.</summary>
    internal static int? StatusOfRank0(string said)
    {
        var ends = Ended().Matches(said);
        if (ends.Count == 0) return null;
        if (ends.FirstOrDefault(e => e.Groups["rank"].Value == "0") is not { } own) return 0;   // of ranks that end well nothing is said
        const string exited = "Exited with exit code ";
        string how = own.Groups["how"].Value;
        return how.StartsWith(exited, StringComparison.Ordinal) && int.TryParse(how[exited.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int status) ? status : null;
    }

    IReadOnlyList<string> Words() => [.. Step(deployment), $"--ntasks={deployment.Record.Workers.ToString(CultureInfo.InvariantCulture)}", "--mpi=" + Plugin, "--kill-on-bad-exit=1", "--quiet", .. srun];

    static string[] Step(SlurmDeployment deployment) =>
        ["srun", .. deployment.Record.Jobs[0].Cluster is { } cluster ? ["--clusters=" + cluster] : Array.Empty<string>(), "--jobid=" + deployment.Record.Jobs[0].Id.ToString(CultureInfo.InvariantCulture), "--overlap"];

    static ClusterFolder FolderOf(SlurmDeployment deployment) =>
        deployment.Record.Jobs.Count > 0 && deployment.Folder is { } folder ? folder : throw new DeploymentException(DeploymentFailure.NoSuchCluster, $"cluster {deployment.Record.ClusterId} has no job");

    static bool PluginName(string offered, string plugin) => offered.Split((char[])[' ', '\n', '\t', ','], StringSplitOptions.RemoveEmptyEntries).Contains(plugin);

    // As libc calls them; srun says nothing else.
    static int? SignalOf(string words) => words switch
    {
        "Hangup" => 1, "Interrupt" => 2, "Quit" => 3, "Illegal instruction" => 4, "Aborted" => 6, "Bus error" => 7, "Floating point exception" => 8, "Killed" => 9,
        "Segmentation fault" => 11, "Broken pipe" => 13, "Terminated" => 15, "Out Of Memory" => 9, _ => null,
    };

    [GeneratedRegex(@"^srun: error: (?<node>[^:\s]+): tasks? (?<rank>\d+)[^:]*: (?<how>.+?)(?: \(core dumped\))?\s*$", RegexOptions.Multiline)]
    private static partial Regex Ended();
}
