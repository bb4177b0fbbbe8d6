using System.Diagnostics;
using Daphne.Net.Deployment;

namespace Daphne.Net.Tests.Deployment;

/// <summary>What is left of a bundle whose unpacking is ended in the middle: nothing.</summary>
public sealed class BundleInstallTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("daphne-install-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Ended_while_it_unpacks_it_leaves_no_half()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sends signals");
        var ct = TestContext.Current.CancellationToken;
        string tool = Directory.CreateDirectory(Path.Combine(folder, "tool")).FullName, root = Directory.CreateDirectory(Path.Combine(folder, "root")).FullName, bin = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        File.WriteAllText(Path.Combine(tool, Bundle.Program), "#!/bin/sh\n");
        var seen = new Seen();
        await Bundle.Pack(tool, Path.Combine(folder, "packed")).InstallAsync(seen, root, ct: ct);
        string script = Assert.Single(seen.Scripts, s => s.Contains("tar -xzf", StringComparison.Ordinal));
        Directory.Delete(Path.Combine(root, "bundles"), recursive: true);

        // A tar that has begun and takes its time.
        string slow = Path.Combine(bin, "tar"), begun = Path.Combine(folder, "begun");
        File.WriteAllText(slow, $"#!/bin/sh\n: > {begun}\nexec sleep 60\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(slow, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var unpack = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", $"PATH={bin}:$PATH\n{script}"]))!;
        var clock = Stopwatch.StartNew();
        while (!File.Exists(begun))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "tar was not called");
            await Task.Delay(20, ct);
        }
        Assert.Single(Directory.GetDirectories(Path.Combine(root, "bundles"), "*.part"));
        Process.Start("kill", ["-TERM", "--", $"-{unpack.Id}"]).WaitForExit();
        await unpack.WaitForExitAsync(ct).WaitAsync(TimeSpan.FromSeconds(60), ct);
        Assert.Equal(1, unpack.ExitCode);
        Assert.Empty(Directory.GetDirectories(Path.Combine(root, "bundles")));
    }

    sealed class Seen : IShell
    {
        readonly LocalShell machine = new();
        public List<string> Scripts { get; } = [];
        public string Name => machine.Name;
        public Task<ShellResult> RunAsync(ShellCommand command, CancellationToken ct = default)
        {
            lock (Scripts) Scripts.Add(command.Script);
            return machine.RunAsync(command, ct);
        }
        public Task<bool> UploadAsync(UploadedFile file, IProgress<long>? sentBytes = null, CancellationToken ct = default) => machine.UploadAsync(file, sentBytes, ct);
        public ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken ct = default) => machine.ConnectAsync(host, port, ct);
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
