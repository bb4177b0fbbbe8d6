namespace Daphne.Net.Deployment;

/// <summary>What a deployment is doing.</summary>
public enum DeployStep
{
    /// <summary>A machine is being logged in to.</summary>
    LoggingIn,
    /// <summary>The bundle is being sent to a machine.</summary>
    Sending,
    /// <summary>The bundle is there.</summary>
    Sent,
    /// <summary>A job waits to be started.</summary>
    Waiting,
    /// <summary>A worker process is being started.</summary>
    Starting,
    /// <summary>A worker said that it listens.</summary>
    Listening,
    /// <summary>A worker was greeted and answered.</summary>
    Ready,
    /// <summary>Fewer workers than were asked for are there, and it goes on with them.</summary>
    Fewer,
    /// <summary>A worker or its job ended, or the number of workers changes, while the cluster is used.</summary>
    Changed,
    /// <summary>A worker is being stopped.</summary>
    Stopping,
    /// <summary>A worker is gone.</summary>
    Stopped,
}

/// <summary>One step of a deployment. Reported from the thread that did the step; reports of different workers come in any order.</summary>
/// <param name="Step">What happens.</param>
/// <param name="Worker">Number of the worker, from 0.</param>
/// <param name="Workers">Number of workers of the deployment.</param>
/// <param name="Detail">The address, once there is one; else the command.</param>
public readonly record struct DeployProgress(DeployStep Step, int Worker, int Workers, string Detail)
{
    /// <summary>The machine the step concerns, as it was given; empty where there is only one.</summary>
    public string Host { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => Step switch
    {
        DeployStep.LoggingIn => $"logging in to {Detail}",
        DeployStep.Sending or DeployStep.Sent or DeployStep.Waiting or DeployStep.Fewer or DeployStep.Changed => $"{(string.IsNullOrEmpty(Host) ? "" : Host + ": ")}{Step.ToString().ToLowerInvariant()}: {Detail}",
        _ => $"worker {Worker + 1}/{Workers} {Step.ToString().ToLowerInvariant()}: {Detail}",
    };
}
