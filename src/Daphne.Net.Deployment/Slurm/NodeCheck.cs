namespace Daphne.Net.Deployment;

/// <summary>One thing that was looked at on a compute node.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Good">It is as it should be; null where it only tells.</param>
/// <param name="Detail">What was found, or exactly what is missing.</param>
public sealed record NodeFinding(string Name, bool? Good, string Detail);

/// <summary>
/// Looks at a compute node before workers are started there: one task of <c>srun</c> tells what kind of machine it is, whether the bundle lies there and
/// starts, what it lacks, where scratch files go; and a worker on it is greeted from here.
/// </summary>
public sealed class NodeCheck(IShell login, IReadOnlyList<string> srunWords, IReadOnlyList<string> launchPrefix)
{
    const string Key = "daphne-check ";

    /// <summary>How long the task may wait and run. Default two minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Looks.</summary>
    /// <param name="folder">A folder with the workers' identity, shared with the nodes.</param>
    /// <param name="program">The bundle's program there.</param>
    /// <param name="ports">Ports workers may listen on.</param>
    /// <param name="greet">Greets the worker at an address through the login node; throws what went wrong.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<IReadOnlyList<NodeFinding>> RunAsync(ClusterFolder folder, string program, string ports, Func<string, CancellationToken, Task> greet, CancellationToken ct)
    {
        List<NodeFinding> findings = [];
        Task? greeting = null;
        string address = "";
        string tool = string.Join(' ', launchPrefix.Append(program).Select(ShellQuote.Word));
        string text = $$"""
            PATH=$PATH:/usr/sbin:/sbin; node=${SLURMD_NODENAME:-$(hostname)}; bundle={{ShellQuote.Word(Path.GetDirectoryName(program)!)}}
            say() { echo "{{Key}}$*"; }
            say node "$node"; say machine "$(uname -sm)"; need=$(grep -aoh 'GLIBC_2\.[0-9]*' "$bundle"/daphne "$bundle"/*.so 2>/dev/null | sort -t. -k2 -n -u | tail -n 1)
            {{(launchPrefix.Count > 0 ? "" : "say glibc \"$(getconf GNU_LIBC_VERSION 2>/dev/null) $need\"")}}
            {{Image(launchPrefix)}}
            say mpi $(for l in libmpi.so.40 libmpich.so.12; do ldconfig -p 2>/dev/null | grep -q "^[[:space:]]*$l " && echo $l; done)
            say runtime "$(command -v apptainer || command -v singularity)"
            d=${TMPDIR:-/tmp}; if [ -w "$d" ]; then say scratch "$d $(df -Pk "$d" | awk 'NR == 2 { print int($4 / 1024) }')"; else say noscratch "$d"; fi
            if [ ! -x {{ShellQuote.Word(program)}} ]; then say nofolder; exit 0; fi
            {{(launchPrefix.Count > 0 ? "" : """
            for f in "$bundle"/daphne "$bundle"/*.so; do case $f in *traceptprovider*) ;; *) ldd "$f" 2>/dev/null | awk '/not found/ { print $1 }';; esac; done | sort -u | while read -r l; do say lacks "$l"; done
            ldconfig -p 2>/dev/null | grep -Eq 'libssl\.so\.(3|1\.1)' || ls /usr/lib*/*/libssl.so.* /usr/lib*/libssl.so.* 2>/dev/null | grep -q . || say lacks libssl.so.3
            """)}}
            version=$({{tool}} --version 2>&1) && say starts "$version" || say fails $(printf %s "$version" | tail -n 3)
            cd {{ShellQuote.Word(folder.Path)}} && exec timeout 20 {{tool}} worker "$node:{{ports}}" --identity-file=identity.pem </dev/null 2>&1 &
            worker=$!; i=0; while [ ! -e {{ShellQuote.Word(folder.Path + "/greeted")}} ] && [ $i -lt 100 ]; do sleep 0.2; i=$((i + 1)); done
            kill $worker 2>/dev/null; exit 0
            """;
        var command = ShellCommand.Of(["srun", "--nodes=1", "--ntasks=1", "--time=2", "--job-name=daphne-check", "--quiet", .. srunWords, "sh", "-c", text]) with { Timeout = Timeout, OnLine = Hear };
        var result = await login.RunAsync(command, ct).ConfigureAwait(false);
        if (greeting is not null) await greeting.ConfigureAwait(false);
        else if (findings.Any(f => f.Name == "bundle" && f.Good == true)) findings.Add(new("worker", false, "it did not listen"));
        if (!findings.Any(f => f.Name == "node")) findings.Insert(0, new("node", false, $"srun on {login.Name} failed with exit status {result.ExitStatus}: {result.Error.Trim()}"));
        return findings;

        void Hear(string line)
        {
            if (line.StartsWith(LocalWorker.ReadyLine, StringComparison.Ordinal) && greeting is null)
            {
                address = line[LocalWorker.ReadyLine.Length..].Trim();
                greeting = GreetAsync();
            }
            if (!line.StartsWith(Key, StringComparison.Ordinal)) return;
            string[] words = line[Key.Length..].Split(' ', 2);
            if (Finding(words[0], words.ElementAtOrDefault(1)?.Trim() ?? "", program) is { } finding) findings.Add(finding);
        }

        async Task GreetAsync()
        {
            try
            {
                await greet(address, ct).ConfigureAwait(false);
                findings.Add(new("worker", true, $"answers at {address}, by way of {login.Name}"));
            }
            catch (Exception e) when (e is DeploymentException or IOException)
            {
                findings.Add(new("worker", false, $"listens at {address}, and cannot be reached by way of {login.Name}: {e.Message}"));
            }
            await login.RunAsync(new($": > {ShellQuote.Word(folder.Path + "/greeted")}"), ct).ConfigureAwait(false);
        }
    }

    // What the container needs of the node, before it complains in its own words: itself, its image, and what is bound into that.
    static string Image(IReadOnlyList<string> prefix)
    {
        if (prefix.Count == 0) return "";
        var sources = prefix.Zip(prefix.Skip(1)).Where(w => w.First is "--bind" or "-B").SelectMany(w => w.Second.Split(',')).Concat(prefix.Where(w => w.StartsWith("--bind=", StringComparison.Ordinal)).SelectMany(w => w["--bind=".Length..].Split(',')))
            .Select(b => b.Split(':')[0]).Where(b => b.StartsWith('/'));
        // 'command -v' takes a path as it is, be it a program or not.
        return $"[ -x \"$(command -v {ShellQuote.Word(prefix[0])})\" ] || {{ say noruntime {ShellQuote.Word(prefix[0])}; exit 0; }}\n[ -e {ShellQuote.Word(prefix[^1])} ] || {{ say noimage {ShellQuote.Word(prefix[^1])}; exit 0; }}\n"
            + string.Concat(sources.Select(b => $"[ -e {ShellQuote.Word(b)} ] || {{ say nobind {ShellQuote.Word(b)}; exit 0; }}\n"));
    }

    // "glibc 2.36 GLIBC_2.27": what there is, and the newest that the bundle's programs ask for.
    static NodeFinding Libc(string text)
    {
        if (text.Split(' ') is not ["glibc", var has, .. var needs]) return new("libc", false, "no GNU C library: the bundle needs one; an image (-G) brings it");
        string need = needs is [var n] && n.StartsWith("GLIBC_", StringComparison.Ordinal) ? n["GLIBC_".Length..] : "";
        return Version.TryParse(need, out var least) && Version.TryParse(has, out var found) && found < least ? new("libc", false, $"glibc {has} is too old: the bundle needs {need} or newer; an image (-G) brings it")
            : new("libc", true, need.Length > 0 ? $"glibc {has}, at least {need} is needed" : $"glibc {has}");
    }

    /// <summary>What a line of the task says.</summary>
    internal static NodeFinding? Finding(string key, string text, string program) => key switch
    {
        "node" => new("node", true, text),
        "machine" => new("machine", text == "Linux x86_64", text == "Linux x86_64" ? text : $"{text}, and the bundle is made for Linux x86_64"),
        "glibc" => Libc(text),
        "noruntime" => new("containers", false, $"{text} is not on the PATH of the node; load its module there, or run without an image"),
        "noimage" => new("image", false, $"{text} is not there; 'daphne slurm singularity' makes it, --image names another"),
        "nobind" => new("bind path", false, $"{text}, which is to be bound into the image, is not there on the node"),
        "mpi" => new("mpi", null, text.Length > 0 ? text : "neither libmpi.so.40 (Open MPI) nor libmpich.so.12 (MPICH); needed only for --dist_backend=MPI"),
        "runtime" => new("containers", null, text.Length > 0 ? text : "neither apptainer nor singularity; needed only for -G"),
        "scratch" => new("scratch", true, text.Split(' ') is [var d, var mb] ? $"{d}, {mb} MB free" : text),
        "noscratch" => new("scratch", false, $"{text} (TMPDIR) cannot be written"),
        "nofolder" => new("bundle", false, $"{program} is not there: our folder must lie on a file system that the nodes share with the login node; name one with -d"),
        "lacks" => new("library", false, $"{text} is missing"),
        "starts" => new("bundle", true, text),
        "fails" => new("bundle", false, $"the program does not start: {text}"),
        _ => null,
    };
}
