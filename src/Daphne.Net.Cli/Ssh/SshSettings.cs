using Daphne.Net.Deployment;

namespace Daphne.Net.Cli;

/// <summary>What a command line of <c>daphne ssh</c> asks for.</summary>
sealed class SshSettings
{
    public bool Help { get; set; }
    public bool Deploy { get; set; }
    public bool Run { get; set; }
    public bool Status { get; set; }
    public bool Kill { get; set; }
    public bool Json { get; set; }
    public string? Root { get; set; }
    public string[] Peers { get; set; } = ["localhost"];
    public bool PeersGiven { get; set; }
    public int? Port { get; set; }
    public string? IdentityFile { get; set; }
    public string? User { get; set; }
    public int? SshPort { get; set; }
    public string? SshConfig { get; set; }
    public string? Bundle { get; set; }

    /// <summary>The options, as the original names them and ours behind.</summary>
    public static readonly Flag<SshSettings>[] Table =
    [
        new(["-h", "--help"], null, "Shows this.", (s, _) => { s.Help = true; return null; }),
        new(["--deploy"], null, "Sends the bundle to every machine, where it is not there yet.", (s, _) => { s.Deploy = true; return null; }),
        new(["--pathToBuild"], "DIR", "Our folder on the machines. Default: $DAPHNE_HOME there, else ~/.daphne.", (s, v) => { s.Root = v; return null; }),
        new(["--peers"], "HOST[:PORT],...", "The workers: machines as ssh knows them, each as often as it runs workers. Default: localhost.", (s, v) => { s.Peers = v.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries); s.PeersGiven = true; return s.Peers.Length > 0 ? null : "it names no machine"; }),
        new(["-p", "--port"], "PORT", "Where workers without a port of their own listen. Default: any free port.", (s, v) => Flags.Number(v, 1, 65535, n => s.Port = n)),
        new(["-i"], "FILE", "The private key for ssh. Default: as ssh's configuration says.", (s, v) => { s.IdentityFile = PrivateKey.Of(v); return null; }),
        new(["-r", "--run"], null, "Starts the workers; they run until --kill, or until nobody used them for ten days.", (s, _) => { s.Run = true; return null; }),
        new(["-s", "--status"], null, "Shows the workers.", (s, _) => { s.Status = true; return null; }),
        new(["--kill"], null, "Ends the workers and removes what was made for them.", (s, _) => { s.Kill = true; return null; }),
        new(["-u", "--user"], "NAME", "The account on the machines. Default: as ssh's configuration says.", (s, v) => { s.User = v; return null; }),
        new(["--ssh-port"], "PORT", "The port of their sshd. Default: as ssh's configuration says.", (s, v) => Flags.Number(v, 1, 65535, n => s.SshPort = n)),
        new(["--ssh-config"], "FILE", "A configuration of ssh instead of the user's.", (s, v) => { s.SshConfig = Path.GetFullPath(v); return null; }),
        new(["--bundle"], "FILE", "The bundle to deploy. Default: that of the source tree, else the one beside this tool.", (s, v) => { s.Bundle = Path.GetFullPath(v); return null; }),
        new(["--json"], null, "Results as JSON, one object a line.", (s, _) => { s.Json = true; return null; }),
    ];

    /// <summary>How to log in.</summary>
    public SshOptions SshOptions() => new() { ConfigFile = SshConfig, User = User, Port = SshPort, IdentityFile = IdentityFile, UseTerminal = OutputStream.IsTerminal(2) };
}
