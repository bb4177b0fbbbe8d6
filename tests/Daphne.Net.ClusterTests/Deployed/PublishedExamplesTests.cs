using System.Text.RegularExpressions;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Real;
using Daphne.Net.Deployment;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>
/// Every example that the original publishes for its two deployment scripts, with our tool's name in their place and nothing else changed: a login node of the name
/// <c>HPC</c> is one that ssh's configuration knows, its account is <c>hpc</c>, its key <c>~/.ssh/hpc.pub</c>. Each line goes through a shell, as a person types it.
/// </summary>
[Collection(OnRealCluster.Name)]
public sealed class PublishedExamplesTests : IDisposable
{
    const string Vega = "daphne slurm --login login.vega.izum.si --user $USER -i ~/.ssh/hpc.pub ";

    /// <summary>What the original's page shows, in its order; where it was begun before, the next lines go on from there.</summary>
    /// <remarks>
    /// Three things are as they are here: two workers where the page starts 128 (<c>$N</c>), less time and memory than it asks Slurm for, and an image made from a folder,
    /// because the stand-in for the container runtime builds nothing else.
    /// </remarks>
    static readonly (string Line, string Says)[] published =
    [
        // Deploying without Slurm support
        ("daphne ssh --help", "--pathToBuild"),
        ("daphne ssh --deploy --pathToBuild $DIR --peers localhost:5000,localhost:5001", "localhost: "),
        ("daphne ssh -r", "(?m)^[0-9a-f]{10}$"),
        ("daphne ssh -s", "on login: runs, process"),
        ("daphne ssh --status --peers localhost", "on login: runs, process"),
        ("daphne ssh --kill", "is gone"),
        ("daphne ssh --run --pathToBuild $DIR --peers localhost:5000,localhost:5001 && daphne ssh --status --peers localhost && daphne ssh --kill", "127.0.0.1:5001"),
        ("daphne ssh -p 5002 -i ~/.ssh/hpc.pub --pathToBuild $DIR -r && daphne ssh -s && daphne ssh --kill", "127.0.0.1:5002"),
        // Short examples: 1 and 2
        ("daphne slurm singularity docker.folder && daphne slurm build && daphne slurm package", "daphne-[0-9a-f]{16}.tar.gz"),
        ("daphne slurm --login HPC --user hpc -i ~/.ssh/hpc.pub transfer", "/bundles/daphne-"),
        // 3: start, and what one does next
        ("daphne slurm -l HPC start $N", @"(?m)^\d+$"),
        ("daphne slurm -l HPC wait && daphne slurm -l HPC status", "2 of 2 workers listen"),
        // 4
        ("daphne slurm -l HPC -n 1024 run example-time.daphne", "Computed sum m\\+m2 is:"),
        ("daphne slurm -l HPC run example-time.daphne", "Step times"),
        ("daphne slurm -l HPC stop && daphne slurm -l HPC clean", "HPC is clean"),
        // 5 to 9 are typed on the login node: no -l. First the workers, with the published words (7), in the time these partitions give.
        ("daphne slurm workers $N -R=\"-t 50 --mem-per-cpu=10M --cpu-bind=cores --cpus-per-task=2\"", @"(?m)^\d+$"),
        ("daphne slurm wait", "2 of 2 workers listen"),
        ("echo 'print(sum(fill(1.0, 10, 10) + 1.0));' | daphne slurm run", "^200\n"),
        ("daphne slurm run -R=\"--time=30 --cpu-bind=cores --nodes=1 --ntasks-per-node=1 --cpus-per-task=1\" < hello-world.daph", "Hello World!"),
        ("cat hello-world.daph | daphne slurm run", "Hello World!"),
        ("daphne slurm stop && daphne slurm clean", "is clean"),
        // 6: once, on localhost; what it runs comes from the standard input
        ("daphne slurm deploy -n 2 < hello-world.daph", "(?s)Hello World!.*is clean"),
        // The scenario, with the names of a site
        (Vega + "transfer", "/bundles/daphne-"),
        (Vega + "start $N", @"(?m)^\d+$"),
        (Vega + "wait", "2 of 2 workers listen"),
        ("cat hello-world.daph | " + Vega + "run ", "Hello World!"),
        (Vega + "run example-time.daphne", "Step times"),
        (Vega + "stop", "is stopped"),
        (Vega + "clean", "is clean"),
    ];

    readonly Scratch folder = new();
    readonly ITestOutputHelper log;
    readonly string there = $"ex-{Guid.NewGuid():n}"[..12], home;

    // On the login node, as its user: 'localhost' is a machine with sshd there, and Slurm's commands are on the PATH. To ssh the names of the examples lead to it.
    public PublishedExamplesTests(ITestOutputHelper log)
    {
        this.log = log;
        home = Path.Combine(RealCluster.Home, there);
        Directory.CreateDirectory(home);
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(Tool.Program)!)) File.Copy(file, Path.Combine(Directory.CreateDirectory(Path.Combine(home, "tool")).FullName, Path.GetFileName(file)));
        Directory.CreateDirectory(Path.Combine(home, "bin"));
        File.CreateSymbolicLink(Path.Combine(home, "bin", "daphne"), "../tool/daphne");
        File.Copy(Path.Combine(Repository.Root, "tests", "cluster", "apptainer-double"), Path.Combine(home, "bin", "apptainer"));
        Directory.CreateDirectory(Path.Combine(home, "docker.folder", "etc"));
        File.Copy(TestBundle.Path, Path.Combine(home, Path.GetFileName(TestBundle.Path)));
        File.WriteAllText(Path.Combine(home, "hello-world.daph"), "print(\"Hello World!\");\n");
        // What the original ships under that name does, with a hundredth of the rows.
        File.WriteAllText(Path.Combine(home, "example-time.daphne"), "t0 = now(); m = rand(512, 512, 100.0, 200.0, 1.0, 42); m2 = rand(1, 512, 100.0, 200.0, 1.0, 42); t1 = now(); Z = m + m2; t2 = now();\nprint(\"Step times: \"); print(t0); print(t1); print(t2);\nprint(\"Computed sum m+m2 is:\"); print(sum(Z));\n");
        File.WriteAllText(Path.Combine(home, "prepare"), $$"""
            cp ~/.ssh/cluster ~/.ssh/hpc && cp ~/.ssh/cluster.pub ~/.ssh/hpc.pub && chmod 600 ~/.ssh/hpc
            cp ~/.ssh/config ~/.ssh/config.before
            ssh-keyscan login 2>/dev/null | sed 's/^login/localhost,HPC,login.vega.izum.si/' >> ~/.ssh/known_hosts
            { printf 'Host HPC login.vega.izum.si localhost\n  HostName login\n  HostKeyAlias HPC\n'; cat ~/.ssh/config.before; } > ~/.ssh/config
            """);
        RealCluster.Control("exec", "login", "chown", "-R", "hpc", "/home/hpc/" + there);
        RealCluster.On("login", $"cp .ssh/known_hosts .ssh/known_hosts.before; sh {there}/prepare");
    }

    public void Dispose()
    {
        RealCluster.On("login", "cd .ssh; mv config.before config; mv known_hosts.before known_hosts; rm -f hpc hpc.pub; cd; rm -rf " + there);
        folder.Dispose();
    }

    [Fact]
    public async Task Every_published_example_works_with_our_name_in_its_place()
    {
        string setting = $"cd ~/{there}; PATH=$HOME/{there}/bin:$PATH; XDG_STATE_HOME=$PWD/state; DAPHNE_BUNDLE=$(ls $PWD/daphne-*.tar.gz); DIR=$PWD/our; export PATH XDG_STATE_HOME DAPHNE_BUNDLE";
        foreach (var (line, says) in published)
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            using var shell = Tool.Start(folder, new Dictionary<string, string>(), "bash", Path.Combine(Repository.Root, "tests", "cluster", "cfctl"), "su", "login", "sh", "-c", $"{setting}\n{line.Replace("$N", "-n 2", StringComparison.Ordinal)}");
            shell.Allow(TimeSpan.FromMinutes(2));
            var result = await shell.EndAsync();
            log.WriteLine($"{clock.Elapsed.TotalSeconds:0.0} s  {line}");
            Assert.True(result.Status == 0 && Regex.IsMatch(result.Output, says), $"{line}\nended with {result.Status}\n{result.Output}\n{result.Error}");
        }
        Assert.Equal("", RealCluster.On("login", $"ls ~/{there}/our/clusters ~/.daphne/clusters 2>/dev/null | grep -v :$; squeue -h -t pd,r,cg").Trim());
    }

    // 'build' where the sources are: it runs their own script, and 'package' finds what that made.
    [Fact]
    public async Task The_bundle_is_built_from_the_sources_one_stands_in()
    {
        string tree = Path.Combine(folder.Root, "tree"), below = Directory.CreateDirectory(Path.Combine(tree, "deploy", "here")).FullName;
        Directory.CreateDirectory(Path.Combine(tree, "eng"));
        File.WriteAllText(Path.Combine(tree, "Daphne.Net.sln"), "");
        File.WriteAllText(Path.Combine(tree, "eng", "bundle.sh"), $"cd \"$(dirname \"$0\")/..\"; echo compiling; mkdir -p artifacts/bundle/files; echo program > artifacts/bundle/files/daphne; {Tool.Program} bundle artifacts/bundle/files artifacts/bundle\n");
        var built = await ShellAsync($"cd {below}; unset DAPHNE_BUNDLE; {Tool.Program} slurm build && {Tool.Program} slurm package");
        Assert.Equal((0, "compiling\n"), (built.Status, built.Error));
        Assert.Matches($"^({Regex.Escape(tree)}/artifacts/bundle/daphne-[0-9a-f]{{16}}.tar.gz)\n\\1\n$", built.Output);
        File.WriteAllText(Path.Combine(tree, "eng", "bundle.sh"), "echo wrong >&2; exit 5\n");
        var failed = await ShellAsync($"cd {below}; unset DAPHNE_BUNDLE; {Tool.Program} slurm build");
        Assert.Equal((3, "wrong\nerror DPH7035: eng/bundle.sh failed with exit status 5\n"), (failed.Status, failed.Error[..(failed.Error.IndexOf("hint", StringComparison.Ordinal))]));
        // Neither sources nor a bundle: what was looked for is named.
        var none = await ShellAsync($"cd {home}; unset DAPHNE_BUNDLE; {Tool.Program} slurm build");
        Assert.Equal(1, none.Status);
        Assert.Contains("daphne-bundle", none.Error);
    }

    async Task<ToolResult> ShellAsync(string script)
    {
        using var shell = Tool.Start(folder, new Dictionary<string, string>(), "/bin/sh", "-c", script);
        return await shell.EndAsync();
    }

    // Every verb and option of the originals stands in an example above or below: a new row in our tables without one is found here.
    [Fact]
    public void Every_verb_and_every_option_of_the_original_is_in_an_example()
    {
        string all = string.Join('\n', published.Select(p => p.Line));
        foreach (string verb in (string[])["singularity", "build", "package", "transfer", "start", "workers", "status", "wait", "stop", "run", "clean", "deploy"]) Assert.Matches($@"slurm [^|&]*\b{verb}\b", all);
        foreach (string option in (string[])["--deploy", "--pathToBuild", "--peers", "-p", "-i", "-r", "--run", "-s", "--status", "--kill", "--help"]) Assert.Matches($"daphne ssh [^|]*{option}", all);
    }
}
