using Daphne.Net.Deployment;

namespace Daphne.Net.Cli;

/// <summary>Where the script of <c>daphne slurm run</c> runs.</summary>
enum Coordinator
{
    /// <summary>In this process.</summary>
    Here,
    /// <summary>On the login node.</summary>
    Login,
    /// <summary>As a step of the workers' job.</summary>
    Job,
}

/// <summary>What a command line of <c>daphne slurm</c> asks for.</summary>
sealed class SlurmSettings
{
    public bool Help { get; set; }
    public string? IdentityFile { get; set; }
    public string? User { get; set; }
    public string? Login { get; set; }
    public string? SshConfig { get; set; }
    public string? Root { get; set; }
    public int Workers { get; set; } = 128;
    public bool WorkersGiven { get; set; }
    public int Least { get; set; }
    public int Most { get; set; }
    public bool Replace { get; set; }
    public int WorkersPerJob { get; set; } = 1;
    public List<string> FilesRoots { get; } = [];
    public int? Port { get; set; }
    public string? ScriptArguments { get; set; }
    public List<string> Ssh { get; } = [];
    public List<string> Srun { get; } = [];
    public List<string> Container { get; } = [];
    public bool InContainer { get; set; }
    public string? Image { get; set; }
    public string? Bundle { get; set; }
    public string? Cluster { get; set; }
    public TimeSpan? Timeout { get; set; }
    public bool Json { get; set; }
    public bool ShowScript { get; set; }
    public string? JobFolder { get; set; }
    public Coordinator? Coordinator { get; set; }
    public bool Detach { get; set; }
    public bool Mpi { get; set; }

    /// <summary>The options, as the original names them and ours behind.</summary>
    public static readonly Flag<SlurmSettings>[] Table =
    [
        new(["-h", "--help"], null, "Shows this.", (s, _) => { s.Help = true; return null; }),
        new(["-i"], "FILE", "The private key for ssh. Default: as ssh's configuration says.", (s, v) => { s.IdentityFile = PrivateKey.Of(v); return null; }),
        new(["-u", "--user"], "NAME", "The account on the login node.", (s, v) => { s.User = v; return null; }),
        new(["-l", "--login"], "HOST", "The login node, as ssh knows it. Default: this machine.", (s, v) => { s.Login = v; return null; }),
        new(["-d", "--pathToBuild"], "DIR", "Our folder there, shared with the nodes. Default: $DAPHNE_HOME there, else ~/.daphne.", (s, v) => { s.Root = Remote(v); return null; }),
        new(["-n", "--numcores"], "N", "Workers, one core each unless -R says otherwise. Default 128.", (s, v) => Flags.Number(v, 1, 100_000, n => (s.Workers, s.WorkersGiven) = (n, true))),
        new(["-p", "--port"], "PORT", "First port workers may listen on. Default: any free one.", (s, v) => Flags.Number(v, 1, 65535, n => s.Port = n)),
        new(["--args"], "a=1,b=2", "Arguments of the script.", (s, v) => { s.ScriptArguments = v; return null; }),
        new(["-S", "--ssh-arg"], "WORDS", "Further options of ssh.", (s, v) => Words(v, s.Ssh)),
        new(["-C", "--scp-arg"], "WORDS", "Options of scp; files go over the one ssh connection, which gets them.", (s, v) => Words(v, s.Ssh, ScpArguments.ToSsh)),
        new(["-R", "--srun-arg"], "WORDS", "Options of srun: of start for the workers' job, of run for a step in it.", (s, v) => Words(v, s.Srun)),
        new(["-G", "--singularity-arg"], "WORDS", "Runs workers in the image, with these options of 'exec'.", (s, v) => { s.InContainer = true; return Words(v, s.Container); }),
        new(["--image"], "FILE", "Runs workers in this image on the nodes. Default with -G: what 'singularity' made.", (s, v) => { s.InContainer = true; s.Image = v; return null; }),
        new(["--bundle"], "FILE", "The bundle to deploy. Default: what 'build' made, else the one beside this tool.", (s, v) => { s.Bundle = Path.GetFullPath(v); return null; }),
        new(["--cluster"], "ID", "Which cluster. Default: the latest of this login node.", (s, v) => { s.Cluster = v; return null; }),
        new(["--least", "--min-workers"], "N", "Workers that are enough to begin with; with --max-workers, the least at any time. Default: all.", (s, v) => Flags.Number(v, 1, 100_000, n => s.Least = n)),
        new(["--max-workers"], "N", "'deploy': while the script runs for long, the workers become more, up to N; lost ones are replaced.", (s, v) => Flags.Number(v, 1, 100_000, n => s.Most = n)),
        new(["--replace"], null, "'deploy': workers that are lost while the script runs are replaced.", (s, _) => { s.Replace = true; return null; }),
        new(["--workers-per-job"], "N", "With --max-workers or --replace the workers are many jobs, of N each. Default 1.", (s, v) => Flags.Number(v, 1, 100_000, n => s.WorkersPerJob = n)),
        new(["--files-root"], "DIR", "Workers read files below DIR themselves, under the names we know them by. May stand several times.", (s, v) => { s.FilesRoots.Add(v); return v.StartsWith('/') ? null : "it takes an absolute path on the nodes"; }),
        new(["--timeout"], "SECONDS", "How long 'wait' waits for the job to start. Default 3600.", (s, v) => Flags.Number(v, 1, 30 * 86400, n => s.Timeout = TimeSpan.FromSeconds(n))),
        new(["--coordinator"], "WHERE", "Where 'run' runs the script: here, login, or job (a step of the job).", (s, v) => { bool is1 = Enum.TryParse<Coordinator>(v, ignoreCase: true, out var where) && !char.IsDigit(v[0]); s.Coordinator = where; return is1 ? null : "it takes here, login, job"; }),
        new(["--dist_backend"], "NAME", "'run', 'deploy': sync-gRPC (default), or MPI: the script runs as ranks in the job, one for each worker.", (s, v) => { s.Mpi = v == "MPI"; return v is "MPI" or "sync-gRPC" ? null : "it takes sync-gRPC or MPI"; }),
        new(["--detach"], null, "'run' at login or job: does not wait; 'output' collects.", (s, _) => { s.Detach = true; return null; }),
        new(["--show-script"], null, "'start', 'workers': prints the job script and submits nothing.", (s, _) => { s.ShowScript = true; return null; }),
        new(["--write-job"], "DIR", "'start', 'workers': writes all for submitting by hand into a folder.", (s, v) => { s.JobFolder = v; return null; }),
        new(["--json"], null, "Results as JSON, one object a line.", (s, _) => { s.Json = true; return null; }),
        new(["--ssh-config"], "FILE", "A configuration of ssh instead of the user's.", (s, v) => { s.SshConfig = Path.GetFullPath(v); return null; }),
    ];

    /// <summary>How the number of workers follows losses and work; null where it does not.</summary>
    public ElasticOptions? Elastic => Most > 0 || Replace ? new() { MaxWorkers = Most, WorkersPerJob = WorkersPerJob } : null;

    /// <summary>How to log in.</summary>
    public SshOptions SshOptions()
    {
        var ssh = new SshOptions { ConfigFile = SshConfig, User = User, IdentityFile = IdentityFile, UseTerminal = OutputStream.IsTerminal(2) };
        foreach (string word in Ssh) ssh.Arguments.Add(word);
        return ssh;
    }

    static string? Words(string text, List<string> words, Func<IReadOnlyList<string>, IReadOnlyList<string>>? translate = null)
    {
        try
        {
            var given = ShellWords.Split(text);
            words.AddRange(translate is null ? given : translate(given));
            return null;
        }
        catch (DeploymentException e)
        {
            return e.Message;
        }
    }

    // The shell here has made a path below this home of '~': the other machine's home may be elsewhere.
    static string Remote(string path) => Environment.GetEnvironmentVariable("HOME") is { Length: > 1 } home && path.StartsWith(home + "/", StringComparison.Ordinal) ? "~" + path[home.Length..] : path;
}
