namespace Daphne.Net.Deployment;

/// <summary>Workers that Slurm starts.</summary>
public sealed class SlurmDeploymentOptions
{
    /// <summary>Stands for our folder there in the words of <see cref="LaunchPrefix"/>, which are made before anybody has asked where it is.</summary>
    public const string RootMark = "{root}";

    /// <summary>A machine with Slurm's commands: the login node, or this machine on a front end.</summary>
    public required IShell Login { get; init; }

    /// <summary>True if the connection to it is somebody else's and stays open. Default: it is closed with the deployment.</summary>
    public bool KeepLogin { get; init; }

    /// <summary>What to ask Slurm for.</summary>
    public SlurmOptions Slurm { get; init; } = new();

    /// <summary>How to find the login node again: its name and ssh configuration.</summary>
    public required RecordedHost Recorded { get; init; }

    /// <summary>Our folder there, on a file system that the nodes share; null: <c>$DAPHNE_HOME</c> there, else <c>~/.daphne</c>.</summary>
    public string? RemoteFolder { get; init; }

    /// <summary>What the workers run; a self-contained bundle.</summary>
    public required Bundle Bundle { get; init; }

    /// <summary>Words before the program's path: a container to run it in. Default: none.</summary>
    public IReadOnlyList<string> LaunchPrefix { get; init; } = [];

    /// <summary>How long workers may take to listen once the job runs. Default two minutes.</summary>
    public TimeSpan WorkerTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a job may take to be gone once it is cancelled. Default 90 seconds.</summary>
    public TimeSpan EndTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How often Slurm is asked while the job waits. Default two seconds; the time grows to ten times that.</summary>
    public TimeSpan AskEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Where records are kept.</summary>
    public DeploymentRecords Records { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
