using System.ComponentModel.DataAnnotations;

namespace Daphne.Net.Deployment;

/// <summary>What is asked of Slurm. What is null is left to the site's defaults, and no directive is written for it.</summary>
public class SlurmOptions
{
    /// <summary>Workers, which are Slurm tasks. Default 2.</summary>
    [Range(1, 100_000)] public int Workers { get; set; } = 2;

    /// <summary>The least number of workers to begin with; 0 (the default) means all of them.</summary>
    [Range(0, 100_000)] public int MinWorkers { get; set; }

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

    /// <summary>How long before the end the workers are warned and stop taking work. Default two minutes.</summary>
    public TimeSpan DrainLead { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the job may wait in the queue. Default one hour.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Ports workers may listen on, first and last; null: any free one.</summary>
    public (int First, int Last)? Ports { get; set; }

    /// <summary>Further <c>#SBATCH</c> directives, each without that word, for instance <c>--exclusive</c>.</summary>
    public IList<string> Directives { get; } = [];

    /// <summary>Words for the <c>srun</c> that starts the workers, for instance <c>--cpu-bind=cores</c>.</summary>
    public IList<string> StepOptions { get; } = [];

    /// <summary>Lines of the job script before the workers start, for instance <c>module load …</c>.</summary>
    public IList<string> Prologue { get; } = [];

    /// <summary>Workers end when they have not heard from a coordinator for so long. Default one minute.</summary>
    public TimeSpan DeadMan { get; set; } = TimeSpan.FromMinutes(1);
}
