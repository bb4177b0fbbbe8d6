using System.Globalization;
using System.Text;

namespace Daphne.Net.Deployment;

/// <summary>The script that is submitted: exactly this text goes to <c>sbatch</c>, and can be looked at or submitted by hand.</summary>
public static class JobScript
{
    /// <summary>What jobs of a cluster are called: recognisable, and different for every cluster.</summary>
    /// <param name="clusterId">The cluster.</param>
    /// <param name="number">Which of its jobs, from 1: a name must tell whether this one was submitted.</param>
    public static string NameOf(string clusterId, int number = 1) => "daphne-" + clusterId + (number == 1 ? "" : "-" + number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes the script.</summary>
    /// <param name="options">What to ask for.</param>
    /// <param name="clusterId">The cluster.</param>
    /// <param name="folder">The cluster's folder, on a file system that nodes share with the login node.</param>
    /// <param name="launch">Words that start the tool on a node: its path, or a container with its path.</param>
    /// <param name="part">Which part of the cluster the job is; null: all of it.</param>
    /// <exception cref="DeploymentException">An option cannot stand in a script.</exception>
    public static string Render(SlurmOptions options, string clusterId, string folder, IReadOnlyList<string> launch, JobPart? part = null)
    {
        var text = new StringBuilder("#!/bin/sh\n");
        Directive("job-name", NameOf(clusterId, part?.Number ?? 1));
        Directive("ntasks", part?.Workers ?? options.Workers);
        if (options.CoresPerWorker is { } cores) Directive("cpus-per-task", cores);
        if (options.WorkersPerNode is { } perNode) Directive("ntasks-per-node", perNode);
        if (options.MemoryPerCore is { } memory) Directive("mem-per-cpu", memory);
        if (options.Partition is { } partition) Directive("partition", partition);
        if (options.Account is { } account) Directive("account", account);
        if (options.Qos is { } qos) Directive("qos", qos);
        if (options.Constraint is { } constraint) Directive("constraint", constraint);
        Directive("time", Minutes(options.WallTime));
        Directive("signal", $"B:USR1@{Seconds(options.DrainLead < options.WallTime / 2 ? options.DrainLead : options.WallTime / 2)}");
        // In a name of a file Slurm takes a percent sign for the beginning of a pattern.
        Directive("output", $"{folder.Replace("%", "%%", StringComparison.Ordinal)}/job-%j.log");
        Directive("open-mode", "append");
        Directive(options.Elastic is null ? "no-requeue" : "requeue", "");
        // A node that fails takes its own workers with it, not the others'.
        Directive("no-kill", "");
        if (part is { Exclude.Count: > 0 }) Directive("exclude", string.Join(',', part.Exclude));
        foreach (string directive in options.Directives) text.Append("#SBATCH ").Append(Line(directive)).Append('\n');

        text.Append('\n');
        foreach (string line in options.Prologue) text.Append(Line(line)).Append('\n');
        string ports = options.Ports is { } range ? $"{range.First.ToString(CultureInfo.InvariantCulture)}-{range.Last.ToString(CultureInfo.InvariantCulture)}" : "0";
        // Slurm 22.05 stopped telling a step how many cores its job asked for each task.
        string step = string.Concat(options.StepOptions.Select(o => " " + ShellQuote.Word(Line(o)))) + (options.CoresPerWorker is { } each ? $" --cpus-per-task={each.ToString(CultureInfo.InvariantCulture)}" : "");
        string address = "${SLURMD_NODENAME:-$(hostname)}:" + ports;
        string worker = string.Join(' ', (options.NodeScratch is null ? launch : [Path.GetDirectoryName(launch[^1])!]).Append("worker").Select(ShellQuote.Word));
        string start = options.NodeScratch is { } scratch ? ShellQuote.Word(NodeScratch.Text(scratch, launch.SkipLast(1), address)) : $"'exec \"$0\" \"$@\" \"{address}\"'";
        string roots = string.Concat(options.FilesRoots.Select(root => " " + ShellQuote.Word(Line("--files-root=" + root))));
        // Slurm warns the shell (USR1) and ends it (TERM); either way the workers get TERM, finish what they do and end well. One task is one worker,
        // in the foreground of its step, where Slurm keeps it. They get it from scancel, which passes the shell over: an srun that gets TERM kills them. The shell waits again, because a signal ends a wait.
        text.Append($$"""
            umask 077
            cd {{ShellQuote.Word(folder)}} || exit 1
            drain() { scancel --signal=TERM "$SLURM_JOB_ID" || kill -TERM "$step"; } 2>/dev/null
            trap drain USR1 TERM
            srun --kill-on-bad-exit=0 --no-kill --wait=0 --output="worker-$SLURM_JOB_ID-${SLURM_RESTART_COUNT:-0}-%t.log" --open-mode=append{{step}} \
                sh -c {{start}} \
                {{worker}} --identity-file=identity.pem --dead-man={{Seconds(options.DeadMan)}}{{roots}} &
            step=$!
            wait "$step"; status=$?
            while kill -0 "$step" 2>/dev/null; do wait "$step"; status=$?; done
            exit "$status"

            """);
        return text.ToString();

        void Directive(string name, object value) => text.Append("#SBATCH --").Append(name).Append(value is "" ? "" : "=").Append(Value(Convert.ToString(value, CultureInfo.InvariantCulture)!)).Append('\n');
    }

    // sbatch ends its search for directives at the first line that is none, and a line end would make a second line of one.
    static string Line(string text) => text.AsSpan().IndexOfAny('\n', '\r', '\0') < 0 ? text
        : throw new DeploymentException(DeploymentFailure.BadOption, $"an option of Slurm cannot hold a line end: '{text.ReplaceLineEndings("⏎")}'");

    // sbatch splits a directive at blanks and ends it at '#'; between double quotes only '"' and '\' mean something to it.
    static string Value(string text) => Line(text).AsSpan().IndexOfAny(" \t#'\"\\") < 0 ? text : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    static string Minutes(TimeSpan time) => Math.Max(1, (long)Math.Ceiling(time.TotalMinutes)).ToString(CultureInfo.InvariantCulture);

    static string Seconds(TimeSpan time) => Math.Max(1, (long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
