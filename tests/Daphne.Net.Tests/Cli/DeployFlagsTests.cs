using Daphne.Net.Cli;
using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Cli;

/// <summary>Command lines of <c>daphne slurm</c> and <c>daphne ssh</c>, and what they ask for.</summary>
public sealed class DeployFlagsTests
{
    [Fact]
    public void Options_stand_before_and_behind_the_command()
    {
        var (s, words) = Slurm("-l", "HPC", "deploy", "-n", "10", "x.daphne", "a=1", "--json");
        Assert.Equal(("HPC", 10, true), (s.Login, s.Workers, s.Json));
        Assert.Equal(["deploy", "x.daphne", "a=1"], words);
    }

    [Fact]
    public void The_options_of_the_original_have_its_letters_and_names()
    {
        var (s, _) = Slurm("-i", "/k", "--user", "u", "--login", "h", "--pathToBuild=/p", "--numcores=4", "--port", "50000", "--args", "a=1,b=2", "-S=-o Compression=yes", "-C=-P 2222", "-R=-t 5", "-G=--nv", "start");
        Assert.Equal(("/k", "u", "h", "/p", 4, 50000, "a=1,b=2"), (s.IdentityFile, s.User, s.Login, s.Root, s.Workers, s.Port, s.ScriptArguments));
        Assert.Equal("-o Compression=yes -p 2222|-t 5|--nv", string.Join('|', new[] { s.Ssh, s.Srun, s.Container }.Select(w => string.Join(' ', w))));
        Assert.True(s.InContainer);
        Assert.Equal(128, Slurm("status").Settings.Workers);
        Assert.Equal("h|u|d", string.Join('|', new[] { Slurm("-l", "h").Settings.Login, Slurm("-u", "u").Settings.User, Slurm("-d", "d").Settings.Root }));
    }

    [Theory]
    [InlineData("DPH7000", "--logn", "x")]
    [InlineData("DPH7001", "start", "-l")]
    [InlineData("DPH7002", "-n", "0")]
    [InlineData("DPH7002", "-C=-l 1")]
    [InlineData("DPH7002", "-n", "many")]
    [InlineData("DPH7002", "-p", "70000")]
    [InlineData("DPH7002", "--json=yes", "start")]
    [InlineData("DPH7002", "-R='open", "start")]
    [InlineData("DPH7002", "--coordinator", "moon")]
    public void What_is_wrong_is_a_diagnostic(string code, params string[] words) =>
        Assert.Equal(code, Assert.Throws<ScriptException>(() => Slurm(words)).Diagnostics[0].Def.Code);

    [Theory]
    [InlineData(new[] { "slurm", "--help" }, 0, "daphne slurm workers -R=")]
    [InlineData(new[] { "slurm", "strat" }, 1, "did you mean 'start'?")]
    [InlineData(new[] { "slurm" }, 1, "DPH7031")]
    [InlineData(new[] { "slurm", "status", "x" }, 1, "DPH7032")]
    [InlineData(new[] { "ssh", "--help" }, 0, "daphne ssh --kill")]
    [InlineData(new[] { "ssh" }, 1, "DPH7036")]
    [InlineData(new[] { "ssh", "-s", "--peers", "a:b" }, 1, "DPH7037")]
    [InlineData(new[] { "ssh", "-r", "--peers", "-oProxyCommand" }, 1, "is no name of a machine")]
    public void The_commands_say_how_they_are_called(string[] words, int status, string says)
    {
        StringWriter output = new(), error = new();
        Assert.Equal(status, words[0] == "slurm" ? SlurmCommand.Run(words[1..], output, error) : SshCommand.Run([.. words[1..], "--bundle=/dev/null"], output, error));
        Assert.Contains(says, (status == 0 ? output : error).ToString());
    }

    [Theory]
    [InlineData("node1", 50000, "node1", 50000)]
    [InlineData("node1:5001", 50000, "node1", 5001)]
    [InlineData("u@node1", null, "u@node1", 0)]
    public void Peers_are_machines_with_or_without_a_port(string text, int? port, string host, int expected) => Assert.Equal(new SshPeer(host, expected), SshPeer.Parse(text, port));

    static (SlurmSettings Settings, List<string> Words) Slurm(params string[] words)
    {
        var settings = new SlurmSettings();
        return (settings, Flags.Parse(SlurmSettings.Table, words, settings));
    }
}
