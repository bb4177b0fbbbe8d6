namespace Daphne.Net.Cli;

/// <summary>The key named with <c>-i</c>.</summary>
static class PrivateKey
{
    /// <summary>The original's examples name the public key (<c>hpc.pub</c>), with which nobody can log in but through an agent: where the private key lies beside it, that is meant.</summary>
    public static string Of(string path) => path.EndsWith(".pub", StringComparison.Ordinal) && File.Exists(path[..^4]) ? Path.GetFullPath(path[..^4]) : Path.GetFullPath(path);
}
