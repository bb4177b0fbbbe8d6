using Daphne.Net.Deployment;

namespace Daphne.Net;

/// <summary>Workers in a Slurm job: what to ask Slurm for, and how to reach it.</summary>
public sealed class SlurmClusterOptions : SlurmOptions
{
    /// <summary>How to log in to the login node. What is not set is decided by the user's own configuration of ssh.</summary>
    public SshOptions Ssh { get; } = new();

    /// <summary>Our folder there, on a file system that the nodes share; null (the default): <c>$DAPHNE_HOME</c> there, else <c>~/.daphne</c>.</summary>
    public string? RemoteFolder { get; set; }

    /// <summary>The bundle to run, an archive made by <c>daphne bundle</c>; null (the default): the one in <c>DAPHNE_BUNDLE</c>, else the one beside this program.</summary>
    public string? Bundle { get; set; }

    /// <summary>Words before the program's path on the nodes: a container to run it in, for instance <c>apptainer exec image.sif</c>.</summary>
    public IList<string> LaunchPrefix { get; } = [];

    /// <summary>How long workers may take to listen once the job runs. Default two minutes.</summary>
    public TimeSpan WorkerTimeout { get; set; } = TimeSpan.FromMinutes(2);
}
