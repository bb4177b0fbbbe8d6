namespace Daphne.Net.Deployment;

/// <summary>
/// How the number of workers of a Slurm cluster follows losses and work. The workers are many small jobs then. A job that ends while a script runs is replaced, early if its time
/// runs out; the cluster grows while a script runs for long, and shrinks when none has run for a while.
/// </summary>
public sealed class ElasticOptions
{
    /// <summary>The most workers, waiting ones included; 0 (the default): as many as at the beginning.</summary>
    public int MaxWorkers { get; set; }

    /// <summary>Workers of each job. Default 1.</summary>
    public int WorkersPerJob { get; set; } = 1;

    /// <summary>How long before a job's end the one that replaces it is asked for: about what a job waits in the queue. Default ten minutes; at most half of the walltime is taken.</summary>
    public TimeSpan ReplaceLead { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a script must have been running for the cluster to grow, by as many workers as it has each time. Default 30 seconds.</summary>
    public TimeSpan GrowAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long no script must have run for the cluster to shrink to its least. Default five minutes.</summary>
    public TimeSpan ShrinkAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a node on which a job failed is avoided; a job that waits longer may run there again. Default 30 minutes.</summary>
    public TimeSpan AvoidFor { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The most jobs that are submitted in the cluster's life, so that jobs that end at once do not go on for ever. Default 200.</summary>
    public int MostJobs { get; set; } = 200;

    /// <summary>How often Slurm is asked. Default five seconds.</summary>
    public TimeSpan AskEvery { get; set; } = TimeSpan.FromSeconds(5);

    internal void Check(SlurmOptions slurm)
    {
        if (MaxWorkers != 0) SlurmOptions.InRange(nameof(MaxWorkers), MaxWorkers, slurm.Workers, 100_000, $"; the least is {nameof(SlurmOptions.Workers)}");
        SlurmOptions.InRange(nameof(WorkersPerJob), WorkersPerJob, 1, slurm.Workers, $", which is {nameof(SlurmOptions.Workers)}");
        SlurmOptions.Longer(nameof(ReplaceLead), ReplaceLead, TimeSpan.Zero);
        SlurmOptions.Longer(nameof(GrowAfter), GrowAfter, TimeSpan.Zero);
        SlurmOptions.Longer(nameof(ShrinkAfter), ShrinkAfter, TimeSpan.Zero);
        SlurmOptions.Longer(nameof(AvoidFor), AvoidFor, TimeSpan.Zero);
        SlurmOptions.Longer(nameof(AskEvery), AskEvery, TimeSpan.Zero);
        SlurmOptions.InRange(nameof(MostJobs), MostJobs, (slurm.Workers + WorkersPerJob - 1) / WorkersPerJob, 1_000_000, ", the least being what the beginning takes");
    }
}
