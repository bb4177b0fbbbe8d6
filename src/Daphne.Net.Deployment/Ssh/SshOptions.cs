namespace Daphne.Net.Deployment;

/// <summary>What ssh asks a person while it logs in.</summary>
/// <param name="Host">The machine as it was given.</param>
/// <param name="Text">The question in ssh's words: a password, a passphrase, a one-time code, whether a host key is right.</param>
public readonly record struct SshPrompt(string Host, string Text);

/// <summary>
/// How to log in over SSH. What is not set here is decided by the user's own configuration of ssh: names, keys, agents, jump hosts work here as they do
/// in the user's shell.
/// </summary>
public sealed class SshOptions
{
    /// <summary>The OpenSSH client. Default: <c>ssh</c> on the PATH.</summary>
    public string Program { get; set; } = "ssh";

    /// <summary>A configuration file instead of the user's.</summary>
    public string? ConfigFile { get; set; }

    /// <summary>The account there.</summary>
    public string? User { get; set; }

    /// <summary>The port of the machine's sshd, 1 to 65535.</summary>
    public int? Port { get; set; }

    /// <summary>A private key.</summary>
    public string? IdentityFile { get; set; }

    /// <summary>Machines to go through, as ssh's ProxyJump: <c>user@host:port</c>, several with commas.</summary>
    public string? JumpHosts { get; set; }

    /// <summary>Further words for the connection that logs in, each for itself: <c>-o</c>, <c>Compression=yes</c>.</summary>
    public IList<string> Arguments { get; } = [];

    /// <summary>
    /// Answers what ssh asks while logging in for the first time. Without it, and without <see cref="UseTerminal"/>, a question is an error and never a hang. A
    /// lost connection is made again without questions: whoever works may not be there any more.
    /// </summary>
    public Func<SshPrompt, CancellationToken, Task<string>>? Prompt { get; set; }

    /// <summary>Lets ssh ask on the terminal of this process. Default: no.</summary>
    public bool UseTerminal { get; set; }

    internal bool CanAsk => Prompt is not null || UseTerminal;

    /// <summary>Accepts the key of a machine never seen before and remembers it. A changed key is always refused. Default: as the user's configuration says.</summary>
    public bool AcceptNewHostKeys { get; set; }

    /// <summary>How long logging in may take, questions included. Default 60 seconds.</summary>
    public TimeSpan LoginTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Commands that run at once over the one connection; an sshd allows 10 unless told otherwise. Default 8.</summary>
    public int MostSessions { get; set; } = 8;

    /// <summary>The same, led on to one machine: through a command that connects to it, and with the key it is known by.</summary>
    internal SshOptions LedTo(string machine, string knownAs, string proxyCommand)
    {
        var led = new SshOptions
        {
            Program = Program, ConfigFile = ConfigFile, User = User, Port = Port, IdentityFile = IdentityFile, Prompt = Prompt, UseTerminal = UseTerminal, AcceptNewHostKeys = AcceptNewHostKeys,
            LoginTimeout = LoginTimeout, MostSessions = MostSessions,
        };
        // The first word for an option is the one ssh takes.
        foreach (string word in (string[])["-oHostName=" + machine, "-oHostKeyAlias=" + knownAs, "-oProxyCommand=" + proxyCommand, .. Arguments]) led.Arguments.Add(word);
        return led;
    }
}
