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
    /// <summary>A worker was not ready in time, or a command on a machine did not end in time.</summary>
    TimedOut,
    /// <summary>A machine or port cannot be reached, or a connection was lost.</summary>
    Unreachable,
    /// <summary>The name of a machine does not resolve.</summary>
    NameNotResolved,
    /// <summary>A machine shows another key than the one that is known: somebody may stand in between.</summary>
    HostKeyChanged,
    /// <summary>The key of a machine is not known, and may not be accepted unseen.</summary>
    HostKeyUnknown,
    /// <summary>A machine does not let us in.</summary>
    AuthenticationFailed,
    /// <summary>A machine asks for a password or code, and there is nobody to ask.</summary>
    AuthenticationRequired,
    /// <summary>A machine does not forward connections.</summary>
    ForwardingProhibited,
    /// <summary>A name of a machine that cannot be one.</summary>
    BadHost,
    /// <summary>A file that is to be sent is not there.</summary>
    FileMissing,
    /// <summary>A machine has no space left, or the quota is used up.</summary>
    DiskFull,
    /// <summary>A machine does not permit what was to be done.</summary>
    NotPermitted,
    /// <summary>A program is missing on a machine.</summary>
    ProgramMissing,
    /// <summary>A command on a machine failed.</summary>
    CommandFailed,
    /// <summary>A machine of another kind than the bundle is made for.</summary>
    WrongMachine,
    /// <summary>No such cluster is recorded, or it was stopped.</summary>
    NoSuchCluster,
    /// <summary>An option that cannot be.</summary>
    BadOption,
    /// <summary>The scheduler refuses a job.</summary>
    JobRefused,
    /// <summary>A job ended before its workers were there.</summary>
    JobEnded,
    /// <summary>The scheduler does not answer.</summary>
    SchedulerSilent,
}

/// <summary>Workers could not be brought into being; those that had been started are gone again. The message ends with the worker's last words.</summary>
public sealed class DeploymentException : Exception
{
    /// <summary>Says what failed.</summary>
    public DeploymentException(DeploymentFailure reason, string message, Exception? inner = null) : base(message, inner) => Reason = reason;

    /// <summary>Why, to branch on.</summary>
    public DeploymentFailure Reason { get; }
}
