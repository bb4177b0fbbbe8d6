using System.Diagnostics;
using System.Text;
using Daphne.Net.ClusterTests.Processes;
using Daphne.Net.ClusterTests.Real;
using Daphne.Net.Deployment;

namespace Daphne.Net.ClusterTests.Ssh;

/// <summary>Commands, files and connections over a real sshd, directly and through a jump host.</summary>
[Collection(OnRealCluster.Name)]
public sealed class SshShellTests(ITestOutputHelper log)
{
    static SshOptions Options => new() { ConfigFile = RealCluster.SshConfig };

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("login")]
    [InlineData("node2")]       // through the login node
    public async Task A_command_gives_its_words_and_its_status(string host)
    {
        await using var shell = new SshShell(host, Options);
        var result = await shell.RunAsync(new("printf 'no line end'; echo problem >&2; exit 255"), Ct);
        Assert.Equal(new ShellResult(255, "no line end", "problem\n"), result);
        Assert.Equal(host + "\n", (await shell.RunAsync(new("hostname"), Ct)).Output);
    }

    [Fact]
    public async Task Words_are_taken_literally_and_input_reaches_the_command_alone()
    {
        await using var shell = new SshShell("login", Options);
        string[] words = ["a b", "it's", "$HOME", "`id`", "*", "-n", "", "ä\n\"x\"\\"];
        Assert.Equal(string.Concat(words.Select(w => $"[{w}]")), (await shell.RunAsync(ShellCommand.Of(["printf", "[%s]", .. words]), Ct)).Output);
        byte[] sent = new byte[3_000_000];
        new Random(1).NextBytes(sent);
        var result = await shell.RunAsync(new("wc -c; echo $?") { Input = new MemoryStream(sent) }, Ct);
        Assert.Equal("3000000\n0\n", result.Output);
    }

    [Fact]
    public async Task What_a_login_prints_is_passed_over_and_any_login_shell_will_do()
    {
        RealCluster.On("login", "printf 'echo WELCOME; echo daphne-begin-; echo to the cluster >&2\\n' > .bashrc");
        try
        {
            await using var shell = new SshShell("login", Options);
            Assert.Equal("1\n", (await shell.RunAsync(new("echo 1"), Ct)).Output);
        }
        finally
        {
            RealCluster.On("login", "rm .bashrc");
        }
    }

    [Fact]
    public async Task One_login_serves_many_commands_at_once()
    {
        await using var shell = new SshShell("login", Options);
        int before = Logins();
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(async n => (await shell.RunAsync(new($"echo {n}"), Ct)).Output));
        Assert.Equal(Enumerable.Range(0, 30).Select(n => $"{n}\n"), answers);
        Assert.Equal(1, Logins() - before);
    }

    static int Logins() => RealCluster.Control("exec", "login", "grep", "-c", "Accepted publickey", RealCluster.Folder + "/log/sshd.login.log") is var n && int.TryParse(n, out int count) ? count : 0;

    [Fact]
    public async Task A_cancelled_command_ends_there_too()
    {
        await using var shell = new SshShell("login", Options);
        await shell.LoginAsync(Ct);
        using var stop = new CancellationTokenSource();
        string mark = "7" + Random.Shared.Next(100_000, 999_999);
        var running = shell.RunAsync(new($"sleep {mark}"), stop.Token);
        await Patience.Until(() => Running(mark), "the command runs there");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Patience.Until(() => !Running(mark), "the command has ended there");
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_ended_and_named()
    {
        await using var shell = new SshShell("login", Options);
        var late = await Assert.ThrowsAsync<DeploymentException>(() => shell.RunAsync(new("sleep 600") { Timeout = TimeSpan.FromSeconds(2) }, Ct));
        Assert.Equal(DeploymentFailure.TimedOut, late.Reason);
        Assert.Equal("a command on login did not end within 2 s: sleep 600", late.Message);
    }

    static bool Running(string mark) => RealCluster.Control("exec", "login", "sh", "-c", $"pgrep -f 'sleep {mark}' | wc -l").Trim() is var n && int.Parse(n) > 1;

    [Fact]
    public async Task A_file_arrives_whole_under_its_name_and_is_not_sent_twice()
    {
        await using var shell = new SshShell("node1", Options);
        string local = Path.GetTempFileName(), remote = "/home/hpc/strange 'folder'/$(name) ä";
        try
        {
            byte[] content = new byte[5_000_001];
            new Random(2).NextBytes(content);
            await File.WriteAllBytesAsync(local, content, Ct);
            long sent = 0;
            Assert.True(await shell.UploadAsync(new(local, remote, Executable: true), new Reported(n => sent = n), Ct));
            Assert.Equal(content.Length, sent);
            Assert.False(await shell.UploadAsync(new(local, remote), ct: Ct));
            string there = Path.Combine(RealCluster.Home, "strange 'folder'", "$(name) ä");
            Assert.Equal(content, await File.ReadAllBytesAsync(there, Ct));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(there));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(there)!));
        }
        finally
        {
            File.Delete(local);
            RealCluster.On("login", "rm -rf \"$HOME/strange 'folder'\"");
        }
    }

    sealed class Reported(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }

    [Fact]
    public async Task A_full_disk_is_named_and_leaves_nothing()
    {
        await using var shell = new SshShell("login", Options);
        string local = Path.GetTempFileName();
        await File.WriteAllBytesAsync(local, new byte[1000], Ct);
        RealCluster.Control("exec", "login", "sh", "-c", "mkdir -p /tmp/small && mount -t tmpfs -o size=16k,mode=777 small /tmp/small && head -c 16384 /dev/zero > /tmp/small/filler");
        try
        {
            var full = await Assert.ThrowsAsync<DeploymentException>(() => shell.UploadAsync(new(local, "/tmp/small/file"), ct: Ct));
            Assert.Equal(DeploymentFailure.DiskFull, full.Reason);
            Assert.Contains("writing /tmp/small/file on login", full.Message);
            Assert.Equal("filler\n", RealCluster.Control("exec", "login", "ls", "/tmp/small"));
        }
        finally
        {
            File.Delete(local);
            RealCluster.Control("exec", "login", "umount", "/tmp/small");
        }
    }

    [Fact]
    public async Task A_port_of_a_node_is_reached_without_a_port_here()
    {
        await using var shell = new SshShell("login", Options);
        await using var stream = await shell.ConnectAsync("node3", 22, Ct);
        byte[] greeting = new byte[8];
        await stream.ReadExactlyAsync(greeting, Ct);
        Assert.Equal("SSH-2.0-", Encoding.ASCII.GetString(greeting));
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_an_error_that_says_so()
    {
        await using var shell = new SshShell("login", Options);
        await using var stream = await shell.ConnectAsync("node3", 9, Ct);
        var failed = await Assert.ThrowsAsync<IOException>(async () => await stream.ReadExactlyAsync(new byte[1], Ct));
        Assert.StartsWith("cannot connect to node3:9 by way of login", failed.Message);
        log.WriteLine(failed.Message);
        Assert.IsType<DeploymentException>(failed.InnerException);
    }

    [Fact]
    public async Task The_reasons_why_nobody_gets_in_are_told_apart()
    {
        string folder = Directory.CreateTempSubdirectory("daphne-ssh-").FullName;
        try
        {
            string known = await File.ReadAllTextAsync(Path.Combine(RealCluster.Folder, "etc", "known_hosts"), Ct);
            string other = known.Split('\n').First(l => l.StartsWith("node1", StringComparison.Ordinal)).Split(' ', 2)[1];
            await File.WriteAllTextAsync(Path.Combine(folder, "changed"), $"login,{RealCluster.LoginAddress} {other}\n", Ct);
            await File.WriteAllTextAsync(Path.Combine(folder, "none"), "", Ct);
            Assert.Equal(DeploymentFailure.HostKeyChanged, await ReasonAsync("login", $"UserKnownHostsFile {folder}/changed"));
            Assert.Equal(DeploymentFailure.HostKeyUnknown, await ReasonAsync("login", $"UserKnownHostsFile {folder}/none"));
            Assert.Equal(DeploymentFailure.AuthenticationFailed, await ReasonAsync("login", "User nobody"));
            Assert.Equal(DeploymentFailure.NameNotResolved, await ReasonAsync("no-such-machine.invalid", ""));
            Assert.Equal(DeploymentFailure.Unreachable, await ReasonAsync("login", "Port 9"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task<DeploymentFailure> ReasonAsync(string host, string line)
        {
            string config = Path.Combine(folder, "config");
            await File.WriteAllTextAsync(config, $"{line}\nInclude {RealCluster.SshConfig}\n", Ct);
            await using var shell = new SshShell(host, new() { ConfigFile = config });
            var failed = await Assert.ThrowsAsync<DeploymentException>(() => shell.RunAsync(new("true"), Ct));
            log.WriteLine($"{failed.Reason}: {failed.Message}");
            return failed.Reason;
        }
    }

    [Theory]
    [InlineData("-oProxyCommand=touch /tmp/owned")]
    [InlineData("login;reboot")]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("login\n-oProxyCommand=x")]
    public void Names_that_are_no_machines_are_refused(string host) => Assert.Equal(DeploymentFailure.BadHost, Assert.Throws<DeploymentException>(() => new SshShell(host)).Reason);

    [Fact]
    public async Task A_lost_connection_is_an_error_and_the_next_command_logs_in_again()
    {
        await using var shell = new SshShell("login", Options);
        await shell.LoginAsync(Ct);
        string mark = "9" + Random.Shared.Next(100_000, 999_999);
        var running = shell.RunAsync(new($"sleep {mark}"), Ct);
        await Patience.Until(() => Running(mark), "the command runs there");
        RealCluster.Control("exec", "login", "pkill", "-KILL", "-f", "sshd: hpc");
        var lost = await Assert.ThrowsAsync<DeploymentException>(() => running);
        Assert.Equal(DeploymentFailure.Unreachable, lost.Reason);
        Assert.Equal("back\n", (await shell.RunAsync(new("echo back"), Ct)).Output);
    }

    [Fact]
    public async Task A_connection_that_the_users_own_ssh_keeps_is_used_and_left()
    {
        string folder = Directory.CreateTempSubdirectory("dks-").FullName, config = Path.Combine(folder, "config"), socket = Path.Combine(folder, "s-%n");
        await File.WriteAllTextAsync(config, $"ControlPath {socket}\nInclude {RealCluster.SshConfig}\n", Ct);
        try
        {
            Own("-fNM");
            int before = Logins();
            for (int call = 0; call < 2; call++)
            {
                await using var shell = new SshShell("login", new() { ConfigFile = config });
                Assert.Equal("1\n", (await shell.RunAsync(new("echo 1"), Ct)).Output);
                await using var stream = await shell.ConnectAsync("node3", 22, Ct);
                await stream.ReadExactlyAsync(new byte[8], Ct);
            }
            Assert.Equal(0, Logins() - before);
            await using var more = new SshShell("login", new() { ConfigFile = config });
            Assert.Equal("1\n", (await more.RunAsync(new("echo 1"), Ct)).Output);
            Own("-Oexit");
            // One that is gone is no reason not to go on.
            Assert.Equal("2\n", (await more.RunAsync(new("echo 2"), Ct)).Output);
            Assert.Equal(1, Logins() - before);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        // In the background it keeps our streams, so it gets none.
        void Own(string what)
        {
            using var ssh = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec ssh -F {config} {what} login </dev/null >/dev/null 2>&1"]))!;
            Assert.True(ssh.WaitForExit(Patience.Most) && ssh.ExitCode == 0, "ssh " + what);
        }
    }

    [Fact]
    public async Task A_passphrase_is_asked_for_once_and_answered_by_the_program()
    {
        string key = Path.Combine(Directory.CreateTempSubdirectory("daphne-key-").FullName, "key");
        File.Copy(Path.Combine(RealCluster.Folder, "keys", "client"), key);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using (var change = Process.Start(new ProcessStartInfo("ssh-keygen", ["-q", "-p", "-N", "open sesame", "-P", "", "-f", key]) { RedirectStandardOutput = true })!) await change.WaitForExitAsync(Ct);
        string config = key + ".config";
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(RealCluster.SshConfig, Ct)).Replace("BatchMode yes", "BatchMode no", StringComparison.Ordinal)
            .Replace(Path.Combine(RealCluster.Folder, "keys", "client"), key, StringComparison.Ordinal), Ct);
        var asked = new List<SshPrompt>();
        await using var shell = new SshShell("login", new()
        {
            ConfigFile = config,
            Prompt = (prompt, _) =>
            {
                asked.Add(prompt);
                return Task.FromResult("open sesame");
            },
        });
        Assert.Equal("in\n", (await shell.RunAsync(new("echo in"), Ct)).Output);
        Assert.Equal("in\n", (await shell.RunAsync(new("echo in"), Ct)).Output);
        var prompt = Assert.Single(asked);
        Assert.Equal("login", prompt.Host);
        Assert.Contains("passphrase", prompt.Text);
        Directory.Delete(Path.GetDirectoryName(key)!, recursive: true);
    }

    [Fact]
    public async Task Disposing_leaves_no_process_and_no_file()
    {
        // Processes that were killed may have left theirs.
        string[] before = Folders();
        var shell = new SshShell("login", Options);
        string own = Assert.Single(Folders().Except(before));
        await shell.LoginAsync(Ct);
        var stream = await shell.ConnectAsync("node1", 22, Ct);
        await shell.DisposeAsync();
        await stream.DisposeAsync();
        await Patience.Until(() => !Process.GetProcessesByName("ssh").Any(p => CommandLine(p.Id).Contains(own, StringComparison.Ordinal)), "no ssh is left");
        Assert.False(Directory.Exists(own));

        static string[] Folders() => Directory.GetDirectories(Path.GetTempPath(), "dssh-*");
    }

    static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
