namespace Daphne.Net.Deployment;

/// <summary>
/// A machine on which programs can be run, files put and ports reached: this one (<see cref="LocalShell"/>) or one behind SSH (<see cref="SshShell"/>).
/// Thread-safe. What deployments do is written against this, so that it is the same here, on a login node and behind a jump host.
/// </summary>
public interface IShell : IAsyncDisposable
{
    /// <summary>What messages call the machine.</summary>
    string Name { get; }

    /// <summary>Runs a command of POSIX <c>sh</c> and waits for its end. Any exit status is a result; only what is not the command's own doing is an exception.</summary>
    /// <exception cref="DeploymentException">The machine cannot be reached or was lost, or the time limit passed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the command was told to end, there too.</exception>
    Task<ShellResult> RunAsync(ShellCommand command, CancellationToken ct = default);

    /// <summary>
    /// Puts a file there, under its name only once it is whole and its SHA-256 is right. Nothing is sent where a file of this content lies there already.
    /// </summary>
    /// <returns>False where it was there already.</returns>
    /// <exception cref="DeploymentException">It cannot be put there; the message names the path and what the machine said.</exception>
    Task<bool> UploadAsync(UploadedFile file, IProgress<long>? sentBytes = null, CancellationToken ct = default);

    /// <summary>A connection to a port as that machine sees it. No port is opened here.</summary>
    /// <exception cref="DeploymentException">There is nobody, or the machine forbids it.</exception>
    ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken ct = default);
}

/// <summary>A command for a shell.</summary>
/// <param name="Script">The text of the command, in POSIX <c>sh</c>. Words that come from outside go through <see cref="ShellQuote.Word"/>.</param>
public sealed record ShellCommand(string Script)
{
    /// <summary>What the command reads from its standard input. The place for secrets: other users can see command lines.</summary>
    public Stream? Input { get; init; }

    /// <summary>How long it may take. Default 60 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Is given each line of output as it comes, instead of collecting them in the result.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>A command of separate words, none of which the shell interprets.</summary>
    public static ShellCommand Of(params IEnumerable<string> words) => new(string.Join(' ', words.Select(ShellQuote.Word)));
}

/// <summary>How a command ended.</summary>
/// <param name="ExitStatus">The command's own exit status.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
public sealed record ShellResult(int ExitStatus, string Output, string Error)
{
    /// <summary>The output of a command that must succeed, without the line end.</summary>
    /// <exception cref="DeploymentException">It did not; the message says what it did and what it said.</exception>
    public string Demand(string doing, string machine) => ExitStatus == 0 ? Output.TrimEnd('\n')
        : throw new DeploymentException(DeploymentFailures.OfCommand(Error), $"{doing} on {machine} failed with exit status {ExitStatus}{(Error.Length > 0 ? ": " + Error.Trim() : "")}");
}

/// <summary>A file to be put on a machine.</summary>
/// <param name="LocalPath">Where it is here.</param>
/// <param name="RemotePath">Its absolute path there; missing folders are made, for their owner only.</param>
/// <param name="Executable">May be run.</param>
public sealed record UploadedFile(string LocalPath, string RemotePath, bool Executable = false);
