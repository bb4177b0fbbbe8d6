namespace Daphne.Net.Deployment;

/// <summary>Names of machines as they may be given to ssh.</summary>
static class SshDestination
{
    /// <summary>The name, if it can be one: nothing ssh could take for an option, and nothing that a configured ProxyCommand could hand to a shell.</summary>
    /// <exception cref="DeploymentException">It cannot.</exception>
    public static string Checked(string host)
    {
        string? problem = host.Length == 0 ? "it is empty"
            : host.Length > 255 ? "it is longer than 255 characters"
            : host[0] == '-' ? "it begins like an option"
            : host.FirstOrDefault(c => !IsOfName(c)) is var c && c != 0 ? $"it holds {(char.IsControl(c) || char.IsWhiteSpace(c) ? "a blank or control character" : $"'{c}'")}"
            : null;
        return problem is null ? host : throw new DeploymentException(DeploymentFailure.BadHost, $"'{Printable(host)}' is no name of a machine: {problem}");
    }

    static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or ':' or '%' or '[' or ']' or '@' or '+';

    static string Printable(string host) => string.Concat((host.Length > 80 ? host[..80] + "…" : host).Select(c => char.IsControl(c) ? '?' : c));
}
