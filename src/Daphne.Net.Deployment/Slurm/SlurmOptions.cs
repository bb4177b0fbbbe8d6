using System.ComponentModel.DataAnnotations;

namespace Daphne.Net.Deployment;

/// <summary>What is asked of Slurm. What is null is left to the site's defaults, and no directive is written for it.</summary>
public class SlurmOptions
{
    /// <summary>Workers, which are Slurm tasks. Default 2.</summary>
    [Range(1, 100_000)] public int Workers { get; set; } = 2;

    /// <summary>The least number of workers to begin with, and of an elastic cluster at any time; 0 (the default) means all of them.</summary>
    [Range(0, 100_000)] public int MinWorkers { get; set; }

    /// <summary>Replaces workers that are lost, lets the number of workers follow the work. Null (the default): the workers are one job, and what is lost stays lost.</summary>
    public ElasticOptions? Elastic { get; set; }

    /// <summary>Cores of each worker.</summary>
    [Range(1, 4096)] public int? CoresPerWorker { get; set; }

    /// <summary>Memory of each core, as Slurm writes it: <c>4G</c>.</summary>
    public string? MemoryPerCore { get; set; }

    /// <summary>Workers on each node.</summary>
    [Range(1, 4096)] public int? WorkersPerNode { get; set; }

    /// <summary>The partition.</summary>
    public string? Partition { get; set; }

    /// <summary>The account to charge.</summary>
    public string? Account { get; set; }

    /// <summary>The quality of service.</summary>
    public string? Qos { get; set; }

    /// <summary>Features that nodes must have.</summary>
    public string? Constraint { get; set; }

    /// <summary>How long the job may run. Default one hour.</summary>
    public TimeSpan WallTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long before the end the workers are warned and stop taking work. Default two minutes; at most half of <see cref="WallTime"/> is taken.</summary>
    public TimeSpan DrainLead { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the job may wait in the queue. Default one hour.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Ports workers may listen on, first and last; null: any free one.</summary>
    public (int First, int Last)? Ports { get; set; }

    /// <summary>Further <c>#SBATCH</c> directives, each without that word, for instance <c>--exclusive</c>.</summary>
    public IList<string> Directives { get; } = [];

    /// <summary>Words for the <c>srun</c> that starts the workers, for instance <c>--cpu-bind=cores</c>.</summary>
    public IList<string> StepOptions { get; } = [];

    /// <summary>Folders on the workers' machines whose files the workers read themselves, each its rows, where the coordinator sees the same files under the same names. Default: none.</summary>
    public IList<string> FilesRoots { get; } = [];

    /// <summary>Lines of the job script before the workers start, for instance <c>module load …</c>.</summary>
    public IList<string> Prologue { get; } = [];

    /// <summary>Workers end when they have not heard from a coordinator for so long. Default one minute.</summary>
    public TimeSpan DeadMan { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A folder on each node's own disk, in which the worker unpacks the bundle for itself and which it removes as it ends, for instance <c>/scratch/$USER</c> or
    /// <c>$TMPDIR</c>; names of variables are those of the job. Where it cannot be written or is full, the worker says so and runs from the shared folder. Null (the default): from there always.
    /// </summary>
    public string? NodeScratch { get; set; }

    /// <summary>The least number of workers to begin with.</summary>
    internal int Least => MinWorkers > 0 ? MinWorkers : Workers;

    /// <summary>Looks whether the options can be, each for itself and together.</summary>
    /// <exception cref="DeploymentException">One cannot; the message names it and says what can be.</exception>
    public void Check()
    {
        InRange(nameof(Workers), Workers, 1, 100_000);
        InRange(nameof(MinWorkers), MinWorkers, 0, Workers, $", which is {nameof(Workers)}");
        InRange(nameof(CoresPerWorker), CoresPerWorker ?? 1, 1, 4096);
        InRange(nameof(WorkersPerNode), WorkersPerNode ?? 1, 1, 4096);
        Longer(nameof(WallTime), WallTime, TimeSpan.Zero);
        Longer(nameof(DrainLead), DrainLead, TimeSpan.Zero);
        Longer(nameof(StartTimeout), StartTimeout, TimeSpan.Zero);
        Longer(nameof(DeadMan), DeadMan, TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        foreach (var (name, text) in ((string, string?)[])[(nameof(MemoryPerCore), MemoryPerCore), (nameof(Partition), Partition), (nameof(Account), Account), (nameof(Qos), Qos), (nameof(Constraint), Constraint), (nameof(NodeScratch), NodeScratch)])
            if (text is not null && string.IsNullOrWhiteSpace(text)) throw Wrong(name, "it is empty; null leaves it to the site");
        if (Ports is var (first, last))
        {
            InRange(nameof(Ports), first, 1, 65535);
            InRange(nameof(Ports), last, first, 65535);
            if (last - first + 1 < (WorkersPerNode ?? 1)) throw Wrong(nameof(Ports), $"{first} to {last} are fewer than the {WorkersPerNode} workers of a node");
        }
        if (NodeScratch is not null && !Deployment.NodeScratch.CanBe(NodeScratch)) throw Wrong(nameof(NodeScratch), $"'{NodeScratch}' is no path that begins with '/' or a variable and holds no quotes and no commands");
        Elastic?.Check(this);
    }

    internal static void InRange(string name, int value, int least, int most, string why = "")
    {
        if (value < least || value > most) throw Wrong(name, $"{value} is not within {least} and {most}{why}");
    }

    internal static void Longer(string name, TimeSpan value, TimeSpan least)
    {
        if (value <= least || value > TimeSpan.FromDays(3650)) throw Wrong(name, $"{value} is no such time; it is longer than {least:c} and at most ten years");
    }

    static DeploymentException Wrong(string name, string why) => new(DeploymentFailure.BadOption, $"option {name}: {why}");
}
