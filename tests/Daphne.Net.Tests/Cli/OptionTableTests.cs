using Daphne.Net.Cli;

namespace Daphne.Net.Tests.Cli;

/// <summary>The table of options as a whole.</summary>
public sealed class OptionTableTests
{
    [Fact]
    public void No_name_is_given_twice()
    {
        var names = OptionTable.All.SelectMany(o => (string?[])[o.Name, o.Alias, .. o.ChoicesAreSwitches ? o.Choices : []]).OfType<string>();
        Assert.Empty(names.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Fact]
    public void Every_option_says_what_it_does_unless_it_does_nothing() =>
        Assert.Empty(OptionTable.All.Where(o => o.Help.Length == 0 && o.Group != OptionTable.All[^1].Group).Select(o => o.Name));

    [Fact]
    public void Help_is_the_recorded_text() => GoldenText.Check(Path.Combine(Repository.Golden("cli"), "help.txt"), HelpText.Render());

    [Theory]
    [InlineData("slurm")]
    [InlineData("ssh")]
    public void Help_of_a_command_that_deploys_is_the_recorded_text(string command)
    {
        var output = new StringWriter();
        Assert.Equal(0, command == "slurm" ? SlurmCommand.Run(["--help"], output, TextWriter.Null) : SshCommand.Run(["--help"], output, TextWriter.Null));
        GoldenText.Check(Path.Combine(Repository.Golden("cli"), command + "-help.txt"), output.ToString());
    }

    [Fact]
    public void No_line_of_help_is_wider_than_a_terminal() => Assert.DoesNotContain(HelpText.Render().Split('\n'), line => line.Length > 120);
}
