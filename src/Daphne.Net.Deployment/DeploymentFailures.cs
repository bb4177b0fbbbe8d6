namespace Daphne.Net.Deployment;

/// <summary>From what programs say to reasons that callers can branch on.</summary>
static class DeploymentFailures
{
    /// <summary>Why a command on a machine failed, from its words.</summary>
    public static DeploymentFailure OfCommand(string error) =>
        Says(error, "No space left on device") || Says(error, "Disk quota exceeded") ? DeploymentFailure.DiskFull
        : Says(error, "Permission denied") || Says(error, "Read-only file system") || Says(error, "Operation not permitted") ? DeploymentFailure.NotPermitted
        : Says(error, "not found") ? DeploymentFailure.ProgramMissing
        : DeploymentFailure.CommandFailed;

    /// <summary>Why ssh did not get through, from its own words.</summary>
    public static DeploymentFailure OfSsh(string error) =>
        Says(error, "REMOTE HOST IDENTIFICATION HAS CHANGED") ? DeploymentFailure.HostKeyChanged
        : Says(error, "Host key verification failed") ? DeploymentFailure.HostKeyUnknown
        : Says(error, "Permission denied") || Says(error, "Too many authentication failures") || Says(error, "No more authentication methods") ? DeploymentFailure.AuthenticationFailed
        : Says(error, "Could not resolve hostname") ? DeploymentFailure.NameNotResolved
        : Says(error, "administratively prohibited") ? DeploymentFailure.ForwardingProhibited
        : DeploymentFailure.Unreachable;

    public static DeploymentException Late(ShellCommand command, string machine) => new(DeploymentFailure.TimedOut,
        $"a command on {machine} did not end within {command.Timeout.TotalSeconds:0} s: {(command.Script.Length > 200 ? command.Script[..200] + "…" : command.Script)}");

    static bool Says(string text, string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);
}
