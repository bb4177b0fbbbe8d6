using System.Globalization;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net;

/// <summary>What the command line of a worker says. A value stands behind <c>=</c> or is the next word, as in the rest of the tool.</summary>
sealed class WorkerCommandLine
{
    static readonly string[] names = ["identity-file", "token-file", "token-stdin", "allow-insecure", "until-stdin-ends", "parent-pid", "dead-man", "max-bytes", "files-root", "max-sessions", "max-values", "max-uploads", "threads", "lanes", "next-port", "verbose", "help"];

    public string? Listen { get; private set; }
    public string? IdentityFile { get; private set; }
    public string? TokenFilePath { get; private set; }
    public bool TokenFromInput { get; private set; }
    public bool AllowInsecure { get; private set; }
    public bool UntilInputEnds { get; private set; }
    public int? ParentProcessId { get; private set; }
    public TimeSpan? DeadMan { get; private set; }
    public long MaxBytes { get; private set; }
    public List<string> FilesRoots { get; } = [];
    public WorkerLimits Limits { get; private set; } = new();
    public int Threads { get; private set; }
    public int Lanes { get; private set; }
    public int NextPorts { get; private set; }
    public bool Verbose { get; private set; }
    public bool Help { get; private set; }

    /// <exception cref="ScriptException">The command line is wrong.</exception>
    public static WorkerCommandLine Parse(IReadOnlyList<string> words)
    {
        var line = new WorkerCommandLine();
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            int at = word.IndexOf('=');
            string name = at < 0 ? word : word[..at];
            if (!word.StartsWith('-'))
            {
                if (line.Listen is not null) throw Wrong(Diag.ListenAddressTwice, line.Listen, word);
                line.Listen = word;
                continue;
            }
            switch (name)
            {
                case "--identity-file": line.IdentityFile = Value("the file with the identity"); break;
                case "--token-file": line.TokenFilePath = Value("the file with the secret"); break;
                case "--token-stdin": line.TokenFromInput = Switch(); break;
                case "--allow-insecure": line.AllowInsecure = Switch(); break;
                case "--until-stdin-ends": line.UntilInputEnds = Switch(); break;
                case "--parent-pid": line.ParentProcessId = (int)Number(int.MaxValue); break;
                case "--dead-man": line.DeadMan = TimeSpan.FromSeconds(Number(1_000_000)); break;
                case "--max-bytes": line.MaxBytes = Number(long.MaxValue); break;
                case "--files-root": line.FilesRoots.Add(Folder(Value("a folder"))); break;
                case "--max-sessions": line.Limits = line.Limits with { Sessions = (int)Number(1_000_000) }; break;
                case "--max-values": line.Limits = line.Limits with { HandlesPerSession = (int)Number(int.MaxValue) }; break;
                case "--max-uploads": line.Limits = line.Limits with { Uploads = (int)Number(100_000) }; break;
                case "--threads": line.Threads = (int)Number(4096); break;
                case "--lanes": line.Lanes = (int)Number(4096); break;
                case "--next-port": line.NextPorts = (int)Number(1000); break;
                case "--verbose": line.Verbose = Switch(); break;
                case "--help" or "-h": line.Help = Switch(); break;
                default: throw Wrong(Diag.UnknownOption, name, Nearest.To(name.TrimStart('-'), names) is { } near ? $"did you mean --{near}?" : "daphne worker --help lists the options");
            }

            string Value(string what) =>
                at >= 0 && at + 1 < word.Length ? word[(at + 1)..]
                : at < 0 && i + 1 < words.Count ? words[++i]
                : throw Wrong(Diag.OptionNeedsValue, name, what);

            string Folder(string path) => Directory.Exists(path) ? Path.GetFullPath(path) : throw Wrong(Diag.BadOptionValue, name, path, "there is no such folder");

            bool Switch() => at < 0 ? true : throw Wrong(Diag.BadOptionValue, name, word[(at + 1)..], "it takes no value");

            long Number(long most)
            {
                string takes = $"it takes a whole number from 1 to {most}", text = Value(takes);
                return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long n) && n > 0 && n <= most ? n : throw Wrong(Diag.BadOptionValue, name, text, takes);
            }
        }
        if (line.Listen is null && !line.Help) throw Wrong(Diag.NoListenAddress);
        return line;
    }

    /// <summary>What the worker is started with; reads the secret from where the line says.</summary>
    /// <exception cref="ScriptException">Standard input holds no secret.</exception>
    /// <exception cref="RaisedException">The token file or identity file cannot be used.</exception>
    public WorkerHostOptions ToOptions(TextReader input, TextWriter output)
    {
        string? token = TokenFromInput ? input.ReadLine()
            : TokenFilePath is not null ? TokenFile.Read(TokenFilePath)
            : AllowInsecure || IdentityFile is not null ? null : TokenFile.ReadOrCreate();
        if (TokenFromInput && string.IsNullOrWhiteSpace(token)) throw Wrong(Diag.BadOptionValue, "--token-stdin", "", "the first line of standard input must be the secret");
        return new()
        {
            Listen = Listen!, Token = token, Identity = IdentityFile is { } file ? PeerIdentity.Read(file) : null, AllowInsecure = AllowInsecure, ByteLimit = MaxBytes, FilesRoots = FilesRoots, Limits = Limits, Threads = Threads, Lanes = Lanes, NextPorts = NextPorts, ParentProcessId = ParentProcessId, DeadMan = DeadMan,
            Input = UntilInputEnds ? input : null, Output = output,
        };
    }

    static ScriptException Wrong(DiagnosticDef def, params object?[] details) => new(def.At(default, details));
}
