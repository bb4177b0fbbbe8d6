using System.Diagnostics;
using System.Formats.Tar;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.Deployment;

namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>
/// The bundle in an image that a real runtime runs: podman. Apptainer cannot be had here; what is shown is that the image's contents are enough: the files of the
/// packages that our definition file installs, and of the C library, nothing else; no shell, no .NET.
/// </summary>
public sealed class RealContainerTests(ITestOutputHelper log) : IDisposable
{
    readonly Scratch folder = new();

    public void Dispose()
    {
        Podman("system", "reset", "-f");
        folder.Dispose();
    }

    [Fact]
    public async Task The_bundle_runs_in_an_image_of_what_the_definition_installs()
    {
        string[] packages = [.. Container.Definition.Split('\n').Single(l => l.Contains("apt-get install", StringComparison.Ordinal)).Split(' ').SkipWhile(w => w != "--no-install-recommends").Skip(1), "libc6"];
        Import("libs", packages);
        await TarFile.ExtractToDirectoryAsync(new System.IO.Compression.GZipStream(File.OpenRead(TestBundle.Path), System.IO.Compression.CompressionMode.Decompress), Directory.CreateDirectory(Path.Combine(folder.Root, "bundle")).FullName, overwriteFiles: false, TestContext.Current.CancellationToken);
        folder.Write("x.daphne", "X = rand(1000, 10, 1.0, 1.0, 1.0, 1); print(sum(X + 1.0));");
        string[] run = ["run", "--rm", "-v", $"{folder.Root}/bundle:/bundle:ro", "-v", $"{folder.Root}:/data", "-e", "XDG_STATE_HOME=/data/state"];
        Assert.Equal((0, "20000\n"), Ended(Podman([.. run, "--network=none", "libs", "/bundle/daphne", "/data/x.daphne"])));

        // A worker inside, its coordinator outside: the account's token lies in a folder both see.
        Directory.CreateDirectory(folder.State);
        using (var worker = Start([.. run, "--network=host", "--name=w", "libs", "/bundle/daphne", "worker", "127.0.0.1:0"]))
        {
            string line = await worker.LineAsync();
            Assert.StartsWith("Started Distributed Worker on 127.0.0.1:", line);
            var outside = await Tool.RunAsync(folder, new Dictionary<string, string> { ["DISTRIBUTED_WORKERS"] = line.Split(' ')[^1] }, "--distributed", "--statistics", "x.daphne");
            Assert.True((outside.Status, outside.Output) == (0, "20000\n"), outside.Error);
            Podman("stop", "-t", "20", "w");
            Assert.Equal(0, (await worker.EndAsync()).Status);      // it drained and ended well
        }

        // Without one of the packages it does not start, and says which library that was.
        Import("fewer", [.. packages.Where(p => p != "libstdc++6")]);
        var lacks = Podman([.. run, "--network=none", "fewer", "/bundle/daphne", "/data/x.daphne"]);
        Assert.NotEqual(0, lacks.Status);
        Assert.Contains("libstdc++.so.6", lacks.Error);
    }

    static (int, string) Ended(ToolResult result)
    {
        Assert.True(result.Status == 0, result.Error);
        return (result.Status, result.Output);
    }

    void Import(string image, string[] packages)
    {
        var clock = Stopwatch.StartNew();
        string root = Path.Combine(folder.Root, image), list = Sh($"dpkg -L {string.Join(' ', packages)} | grep -E '\\.so|/ld-linux' | sort -u");
        foreach (string file in list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(File.Exists))
        {
            string to = root + file;
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to, overwrite: true);
        }
        foreach (string empty in (string[])["tmp", "bundle", "work", "etc", "lib64"]) Directory.CreateDirectory(Path.Combine(root, empty));
        // Where programs look for what loads them, on a system whose /lib is /usr/lib.
        File.Copy("/lib64/ld-linux-x86-64.so.2", Path.Combine(root, "lib64", "ld-linux-x86-64.so.2"), overwrite: true);
        Sh($"tar -C {root} -c . | PODMAN_HERE_DIR={Store} bash {Script} import - {image}");
        log.WriteLine($"{image}: {list.Split('\n').Length} files, {clock.Elapsed.TotalSeconds:0.0} s");
    }

    static string Script => Path.Combine(Repository.Root, "tests", "cluster", "podman-here");

    static string Store => "/var/lib/daphne-test-podman";

    RunningTool Start(params string[] words) => Tool.Start(folder, new Dictionary<string, string> { ["PODMAN_HERE_DIR"] = Store }, "bash", [Script, .. words]);

    ToolResult Podman(params string[] words)
    {
        using var podman = Start(words);
        var result = podman.EndAsync().GetAwaiter().GetResult();
        log.WriteLine($"podman {words[0]} -> {result.Status} {result.Error}");
        return result;
    }

    static string Sh(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)) && process.ExitCode == 0, command);
        return output;
    }
}
