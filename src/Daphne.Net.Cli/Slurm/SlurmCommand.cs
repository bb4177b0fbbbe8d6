using Daphne.Net.Deployment;
using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary><c>daphne slurm &lt;options&gt; &lt;command&gt;</c>: workers in a job of Slurm, with the options and commands of the original's script.</summary>
static class SlurmCommand
{
    /// <summary>Submits the workers' job.</summary>
    public static readonly SlurmVerb Start = new StartVerb("start", "Submits the workers' job through the login node; prints its number.");

    static readonly SlurmVerb[] verbs =
    [
        new SingularityVerb(), new BuildVerb(), new PackageVerb(), new TransferVerb(), Start, new StartVerb("workers", "The same, called on the login node itself."),
        new StatusVerb(), new WaitVerb(), new StopVerb(), new RunVerb(), new OutputVerb(), new CheckVerb(), new CleanVerb(), new DeployVerb(),
    ];

    /// <returns>The exit status: of <c>run</c>, <c>output</c> and <c>deploy</c> the script's; else 0, 1 where the command line is wrong or there is no such cluster, 3 where a machine does not do as it should.</returns>
    public static int Run(IReadOnlyList<string> words, TextWriter output, TextWriter error)
    {
        return CommandEdge.Run("slurm", words, output, error, (report, ct) =>
        {
            var settings = new SlurmSettings();
            var rest = Flags.Parse(SlurmSettings.Table, words, settings);
            if (settings.Help)
            {
                output.Write(Help());
                return 0;
            }
            if (rest.Count == 0) throw new ScriptException(Diag.NoVerb.At(default, string.Join(", ", verbs.Select(v => v.Name))));
            var verb = Array.Find(verbs, v => v.Name == rest[0])
                ?? throw new ScriptException(Diag.NoSuchVerb.At(default, rest[0], Nearest.To(rest[0], verbs.Select(v => v.Name)) is { } near ? $"did you mean '{near}'?" : $"it is one of {string.Join(", ", verbs.Select(v => v.Name))}"));
            if (verb.Name == "workers") settings.Login = null;
            report.Command = "slurm " + verb.Name;
            return RunAsync(verb, settings, [.. rest.Skip(1)], report, ct).GetAwaiter().GetResult();
        });
    }

    static async Task<int> RunAsync(SlurmVerb verb, SlurmSettings settings, IReadOnlyList<string> words, DeployReport report, CancellationToken ct)
    {
        var session = new SlurmSession(settings, words, report);
        await using (session.ConfigureAwait(false)) return await verb.RunAsync(session, ct).ConfigureAwait(false);
    }

    static string Help() => $"""
        Workers in a job of Slurm, reached through the one ssh connection to the login node.

        usage: daphne slurm <options> <command>

        Options
        {Flags.Help(SlurmSettings.Table)}
        Commands
        {string.Concat(verbs.Select(v => $"  {(v.Name + " " + v.Words).TrimEnd(),-29}{(v.Words.Length + v.Name.Length > 27 ? "\n" + new string(' ', 31) : "")}{v.Help}\n"))}
        What lives between calls is a record of this account; 'daphne clusters' shows and ends what is recorded.

        Examples
          daphne slurm build && daphne slurm package
          daphne slurm --login HPC --user hpc -i ~/.ssh/hpc transfer
          daphne slurm -l HPC -n 64 start
          daphne slurm -l HPC wait --timeout 600
          daphne slurm -l HPC run example.daphne rows=1000
          cat example.daphne | daphne slurm -l HPC run
          daphne slurm -l HPC --coordinator=job --detach run example.daphne
          daphne slurm -l HPC output
          daphne slurm -l HPC stop
          daphne slurm -l HPC clean
          daphne slurm -l HPC -n 10 deploy example.daphne
          daphne slurm workers -R="-t 120 --mem-per-cpu=10G --cpu-bind=cores --cpus-per-task=2"

        """;
}
