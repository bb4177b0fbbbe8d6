using System.Diagnostics;
using System.Text;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Real;
using Daphne.Net.Deployment;

namespace Daphne.Net.ClusterTests.Ssh;

/// <summary>What machines and networks do to connections: every end is an error that says what it was, or work that goes on.</summary>
[Collection(OnRealCluster.Name)]
public sealed class SshFaultTests(ITestOutputHelper log)
{
    static SshOptions Plain => new() { ConfigFile = RealCluster.SshConfig };

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_that_changes_in_the_middle_ends_it_with_both_fingerprints_and_without_a_second_try()
    {
        using var sshd = new SpecialSshd();
        await using var shell = new SshShell("login", sshd.Options);
        Assert.Equal("1\n", (await shell.RunAsync(new("echo 1"), Ct)).Output);
        string other = Path.Combine(RealCluster.Folder, "keys", $"other-{Guid.NewGuid():n}");      // where the login node sees it
        try
        {
            Program("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other);
            sshd.Restart("HostKey " + other);
            int before = sshd.Logged("Connection from");
            var changed = await Assert.ThrowsAsync<DeploymentException>(() => shell.RunAsync(new("echo 2"), Ct));
            log.WriteLine(changed.Message);
            Assert.Equal(DeploymentFailure.HostKeyChanged, changed.Reason);
            Assert.Contains("shows the key " + Fingerprint(other + ".pub"), changed.Message);
            Assert.Contains("is known by " + Fingerprint(Path.Combine(RealCluster.Folder, "keys", "host_login_ed25519.pub")), changed.Message);
            Assert.Contains("known_hosts:1)", changed.Message);
            Assert.Equal(1, sshd.Logged("Connection from") - before);
        }
        finally
        {
            File.Delete(other);
            File.Delete(other + ".pub");
        }
    }

    static string Fingerprint(string key) => Program("ssh-keygen", "-l", "-f", key).Split(' ')[1];

    [Fact]
    public async Task A_name_that_leads_to_another_machine_is_followed_to_where_the_workers_are()
    {
        string folder = Directory.CreateTempSubdirectory("daphne-round-").FullName, config = Path.Combine(folder, "config"), records = Path.Combine(folder, "records");
        try
        {
            string[] keys = [.. ((string[])["login", "node1"]).Select(h => "front " + File.ReadAllText(Path.Combine(RealCluster.Folder, "keys", $"host_{h}_ed25519.pub")))];
            File.WriteAllText(Path.Combine(folder, "known"), string.Concat(keys));
            LeadTo("login", "");
            var options = new SshDeploymentOptions { Hosts = ["front"], Ssh = new() { ConfigFile = config }, Bundle = Bundle.Of(Deployed.TestBundle.Path), Records = new(records), DeadMan = TimeSpan.FromMinutes(5) };
            var (secrets, _) = DaphneCluster.NewSecrets(TimeSpan.FromHours(1));
            await using (var first = await SshDeployment.StartAsync(options, secrets, null, Ct)) Assert.Equal("login", first.Record.Hosts[0].Name);

            LeadTo("node1", "  ProxyJump login\n");
            await using (var plain = new SshShell("front", new() { ConfigFile = config })) Assert.Equal("node1\n", (await plain.RunAsync(new("uname -n"), Ct)).Output);
            await using (var second = SshDeployment.Attach(options.Records.List().Single(), records: options.Records))
            {
                Assert.Contains("on login: runs, process", Assert.Single(await second.StatusAsync(Ct)));
                await using (var stream = await second.Connect!("host-0", int.Parse(second.Record.Addresses[0].Split(':')[1]), Ct)) Assert.True(stream.CanWrite);
                await second.CleanAsync(Ct);
            }
            Assert.Equal("0\n", RealCluster.Control("exec", "login", "sh", "-c", "pgrep -c -f '[d]aphne worker' || true"));

            // Where that machine is not reached from the other, both are named.
            await using var lost = new SshShell("front", new() { ConfigFile = config }) { Machine = "node9" };
            var none = await Assert.ThrowsAsync<DeploymentException>(() => lost.RunAsync(new("true"), Ct));
            log.WriteLine(none.Message);
            Assert.StartsWith("what was started runs on node9; 'front' led to node1, and from there node9 is not reached: ", none.Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void LeadTo(string host, string more) => File.WriteAllText(config,
            $"Host front\n  HostName {(host == "login" ? RealCluster.LoginAddress : host)}\n  HostKeyAlias front\n  User hpc\n  IdentityFile {RealCluster.Folder}/keys/client\n  IdentitiesOnly yes\n  UserKnownHostsFile {folder}/known\n  BatchMode yes\n{more}Match all\nInclude {RealCluster.SshConfig}\n");
    }

    [Fact]
    public async Task A_server_that_allows_one_session_serves_all_commands_one_after_the_other()
    {
        using var sshd = new SpecialSshd("MaxSessions 1");
        await using var shell = new SshShell("login", sshd.Options);
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async n => (await shell.RunAsync(new($"cat; echo {n}") { Input = new MemoryStream([(byte)('a' + n), (byte)' ']) }, Ct)).Output));
        Assert.Equal(Enumerable.Range(0, 10).Select(n => $"{(char)('a' + n)} {n}\n"), answers);
        Assert.Equal(1, sshd.Logged("Accepted publickey"));
        Assert.True(sshd.Logged("no more sessions") > 0, "nothing was refused");
        // The stream of a port is no session; and what is cancelled ends there although it has the only session.
        await using (var stream = await shell.ConnectAsync("node1", 22, Ct)) await stream.ReadExactlyAsync(new byte[8], Ct);
        string mark = "8" + Random.Shared.Next(100_000, 999_999);
        using var stop = new CancellationTokenSource();
        var running = shell.RunAsync(new($"sleep {mark}"), stop.Token);
        await Patience.Until(() => Sleeps(mark), "the command runs there");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Patience.Until(() => !Sleeps(mark), "the command has ended there");
        Assert.Equal("on\n", (await shell.RunAsync(new("echo on"), Ct)).Output);
    }

    static bool Sleeps(string mark) => RealCluster.Control("exec", "login", "sh", "-c", $"pgrep -x -c -f 'sleep {mark}' || true").Trim() != "0";

    [Fact]
    public async Task A_server_that_allows_none_is_named()
    {
        using var sshd = new SpecialSshd("MaxSessions 0");
        await using var shell = new SshShell("login", sshd.Options);
        var refused = await Assert.ThrowsAsync<DeploymentException>(() => shell.RunAsync(new("true"), Ct));
        Assert.Equal(DeploymentFailure.NotPermitted, refused.Reason);
        Assert.Contains("MaxSessions", refused.Message);
    }

    [Theory]
    [InlineData("PasswordAuthentication yes")]
    [InlineData("KbdInteractiveAuthentication yes")]
    public async Task A_password_nobody_can_give_is_an_error_at_once(string setting)
    {
        using var sshd = new SpecialSshd("PubkeyAuthentication no", setting);
        await using var shell = new SshShell("login", sshd.Options);
        var clock = Stopwatch.StartNew();
        var asked = await Assert.ThrowsAsync<DeploymentException>(() => shell.RunAsync(new("true"), Ct));
        Assert.Equal(DeploymentFailure.AuthenticationRequired, asked.Reason);
        Assert.True(clock.Elapsed < loginTimeout, "it waited for somebody");
    }

    static readonly TimeSpan loginTimeout = new SshOptions().LoginTimeout;

    [Fact]
    public async Task A_lost_connection_is_made_again_once_and_without_asking()
    {
        using var sshd = new SpecialSshd();
        string key = sshd.Write("unused", "") + ".key";
        File.Copy(Path.Combine(RealCluster.Folder, "keys", "client"), key);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Program("ssh-keygen", "-q", "-p", "-N", "open sesame", "-P", "", "-f", key);
        int asked = 0;
        var options = sshd.With($"  BatchMode no\n  IdentityFile {key}\n  IdentitiesOnly yes\n  IdentityAgent none\n  User hpc\n  UserKnownHostsFile {RealCluster.Folder}/etc/known_hosts\n  HostName {RealCluster.LoginAddress}");
        // Without the cluster's own configuration: it names a key without a passphrase.
        File.WriteAllText(options.ConfigFile!, File.ReadAllText(options.ConfigFile!).Replace($"Include {RealCluster.SshConfig}\n", "", StringComparison.Ordinal));
        options.Prompt = (_, _) =>
        {
            asked++;
            return Task.FromResult("open sesame");
        };
        await using var shell = new SshShell("login", options);
        Assert.Equal("1\n", (await shell.RunAsync(new("echo 1"), Ct)).Output);
        Assert.Equal(1, asked);
        sshd.Disconnect();
        var again = await Assert.ThrowsAsync<DeploymentException>(async () =>
        {
            for (int n = 0; n < 100; n++) await shell.RunAsync(new("echo 2"), Ct);      // until the loss is noticed
        });
        if (again.Reason == DeploymentFailure.Unreachable) again = await Assert.ThrowsAsync<DeploymentException>(() => shell.RunAsync(new("echo 3"), Ct));
        Assert.Equal(DeploymentFailure.AuthenticationRequired, again.Reason);
        Assert.Contains("nobody is asked in the middle of work", again.Message);
        Assert.Equal(1, asked);
        await shell.LoginAsync(Ct);                                                      // who asks for it may be asked
        Assert.Equal(2, asked);
        Assert.Equal("4\n", (await shell.RunAsync(new("echo 4"), Ct)).Output);
    }

    [Theory]
    [InlineData("socket")]
    [InlineData("process")]
    public async Task A_connection_whose_control_is_gone_is_replaced(string what)
    {
        string[] before = Directory.GetDirectories(Path.GetTempPath(), "dssh-*");
        await using var shell = new SshShell("login", Plain);
        string socket = Path.Combine(Assert.Single(Directory.GetDirectories(Path.GetTempPath(), "dssh-*").Except(before)), "m");
        await shell.LoginAsync(Ct);
        if (what == "socket") File.Delete(socket);
        else Program("pkill", "-KILL", "-f", "--", "-M -S " + socket);
        // Where the master was killed its socket stays: whoever connects first finds nobody.
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(n => shell.RunAsync(new($"cat; echo {n}") { Input = new MemoryStream("in "u8.ToArray()) }, Ct)));
        Assert.Equal(Enumerable.Range(0, 5).Select(n => $"in {n}\n"), answers.Select(a => a.Output));
    }

    [Fact]
    public async Task A_network_that_swallows_everything_holds_nobody_up()
    {
        await using var shell = new SshShell("login", Plain);
        await shell.LoginAsync(Ct);
        RealCluster.Control("mute", "ws");
        try
        {
            var late = await Assert.ThrowsAsync<DeploymentException>(() => shell.RunAsync(new("true") { Timeout = TimeSpan.FromSeconds(1) }, Ct));
            Assert.Equal(DeploymentFailure.TimedOut, late.Reason);
            await using var fresh = new SshShell("login", new() { ConfigFile = RealCluster.SshConfig, LoginTimeout = TimeSpan.FromSeconds(1) });
            var login = await Assert.ThrowsAsync<DeploymentException>(() => fresh.RunAsync(new("true"), Ct));
            Assert.Equal(DeploymentFailure.TimedOut, login.Reason);
            Assert.StartsWith("logging in to login took longer than 1 s", login.Message);
        }
        finally
        {
            RealCluster.Control("unmute", "ws");
        }
        await Patience.Until(async () =>
        {
            try
            {
                return (await shell.RunAsync(new("echo back"), Ct)).Output == "back\n";
            }
            catch (DeploymentException e) when (e.Reason is DeploymentFailure.Unreachable or DeploymentFailure.TimedOut)
            {
                return false;
            }
        }, "it answers again");
    }

    [Fact]
    public async Task A_transfer_cut_in_the_middle_leaves_nothing_and_is_made_again()
    {
        using var sshd = new SpecialSshd();
        await using var shell = new SshShell("login", sshd.Options);
        string local = Path.GetTempFileName(), there = $"/home/hpc/cut-{Guid.NewGuid():n}/big";
        try
        {
            await File.WriteAllBytesAsync(local, new byte[200_000_000], Ct);
            bool cut = false;
            var lost = await Assert.ThrowsAsync<DeploymentException>(() => shell.UploadAsync(new(local, there), new Count(n =>
            {
                if (cut || n < 50_000_000) return;
                cut = true;
                sshd.Disconnect();
            }), Ct));
            Assert.True(cut);
            Assert.Equal(DeploymentFailure.Unreachable, lost.Reason);
            await Patience.Until(() => RealCluster.On("login", $"ls {Path.GetDirectoryName(there)}").Length == 0, "the piece is removed");
            File.WriteAllBytes(local, new byte[1000]);
            Assert.True(await shell.UploadAsync(new(local, there), ct: Ct));
            Assert.Equal("1000\n", RealCluster.On("login", $"wc -c < {there}"));
        }
        finally
        {
            File.Delete(local);
            RealCluster.On("login", $"rm -rf {Path.GetDirectoryName(there)}");
        }
    }

    sealed class Count(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }

    [Fact]
    public async Task Banners_other_login_shells_and_open_umasks_change_nothing()
    {
        string banner = Path.Combine(RealCluster.Folder, "etc", "special-banner");
        File.WriteAllText(banner, "** WELCOME **\ndaphne-begin-\n");
        RealCluster.On("login", "printf 'echo NOISE; umask 000; echo $PATH >&2\\n' > .bashrc; printf 'echo NOISE\\numask 0\\n' > .cshrc");
        string there = $"/home/hpc/open-{Guid.NewGuid():n}";
        try
        {
            // The words of whoever logs in, given to another shell as its account would have it.
            using var sshd = new SpecialSshd("Banner " + banner, "ForceCommand exec /usr/bin/tcsh -c \"$SSH_ORIGINAL_COMMAND\"");
            await using var shell = new SshShell("login", sshd.Options);
            Assert.Equal(new ShellResult(3, "it's $HOME\n", ""), await shell.RunAsync(new("cat; exit 3") { Input = new MemoryStream("it's $HOME\n"u8.ToArray()) }, Ct) with { Error = "" });
            string local = Path.GetTempFileName();
            Assert.True(await shell.UploadAsync(new(local, there + "/a/b", Executable: true), ct: Ct));
            File.Delete(local);
            var folder = await ClusterFolder.MakeAsync(shell, there, "c1", "c1", "SECRET", Ct);
            Assert.Equal("", RealCluster.On("login", $"find {there} -perm /077"));
            Assert.Equal($"600\n", RealCluster.On("login", $"stat -c %a {folder.IdentityFile}"));
            await folder.RemoveAsync(Ct);
            // Noise of a bash account, and what it says to its error stream is the command's own.
            await using var noisy = new SshShell("login", Plain);
            Assert.Equal("1\n", (await noisy.RunAsync(new("echo 1"), Ct)).Output);
        }
        finally
        {
            RealCluster.On("login", $"rm -rf .bashrc .cshrc {there}");
            File.Delete(banner);
        }
    }

    [Fact]
    public async Task A_server_that_does_not_forward_is_named()
    {
        using var sshd = new SpecialSshd("AllowTcpForwarding no");
        await using var shell = new SshShell("login", sshd.Options);
        await using var stream = await shell.ConnectAsync("node1", 22, Ct);
        var refused = await Assert.ThrowsAsync<IOException>(async () => await stream.ReadExactlyAsync(new byte[1], Ct));
        Assert.Equal(DeploymentFailure.ForwardingProhibited, Assert.IsType<DeploymentException>(refused.InnerException).Reason);
    }

    [Fact]
    public async Task Long_and_strange_paths_are_paths_as_any_other()
    {
        string before = Path.GetTempPath(), folder = Directory.CreateTempSubdirectory("daphne-long-").FullName;
        string deep = Directory.CreateDirectory(Path.Combine(folder, new string('t', 200))).FullName, local = Path.Combine(folder, "-oProxyCommand=x 'y'");
        string there = $"/home/hpc/{new string('p', 100)} \"it's\" -o/{new string('q', 200)}\n$(touch owned)";
        await File.WriteAllTextAsync(local, "content", Ct);
        Environment.SetEnvironmentVariable("TMPDIR", deep);
        try
        {
            await using var shell = new SshShell("login", Plain);        // a socket's path has 107 bytes at most
            Assert.True(await shell.UploadAsync(new(local, there), ct: Ct));
            Assert.Equal("content", (await shell.RunAsync(ShellCommand.Of("cat", "--", there), Ct)).Output);
            Assert.False(File.Exists(Path.Combine(RealCluster.Home, "owned")));
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMPDIR", before);
            Directory.Delete(folder, recursive: true);
            RealCluster.On("login", "rm -rf ppp*");
        }
    }

    static string Program(string name, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(name, words) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)) && process.ExitCode == 0, name + " failed or did not end");
        return output;
    }
}
