namespace Daphne.Net.Deployment;

/// <summary>Why a deployment failed.</summary>
public enum DeploymentFailure
{
    /// <summary>The worker program is not where it should be.</summary>
    WorkerProgramMissing,
    /// <summary>The operating system did not start the process.</summary>
    StartFailed,
    /// <summary>A worker ended before it was ready.</summary>
    WorkerEnded,
    /// <summary>A worker was not ready in time.</summary>
    TimedOut,
}

/// <summary>Workers could not be brought into being; those that had been started are gone again. The message ends with the worker's last words.</summary>
public sealed class DeploymentException : Exception
{
    /// <summary>Says what failed.</summary>
    public DeploymentException(DeploymentFailure reason, string message, Exception? inner = null) : base(message, inner) => Reason = reason;

    /// <summary>Why, to branch on.</summary>
    public DeploymentFailure Reason { get; }
}
