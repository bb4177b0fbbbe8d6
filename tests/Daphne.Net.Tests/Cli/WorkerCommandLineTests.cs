using Daphne.Net.Dialect;

namespace Daphne.Net.Tests.Cli;

/// <summary>The command line of <c>daphne worker</c>.</summary>
public sealed class WorkerCommandLineTests
{
    [Theory]
    [InlineData("--dead-man=7 --max-bytes=100 --parent-pid=1 --token-stdin --until-stdin-ends --verbose 127.0.0.1:0")]
    [InlineData("127.0.0.1:0 --dead-man 7 --max-bytes 100 --parent-pid 1 --token-stdin --until-stdin-ends --verbose")]
    public void Options_stand_anywhere_with_values_behind_them(string words)
    {
        var line = WorkerCommandLine.Parse(words.Split(' '));
        var (input, output) = (new StringReader("secret\n"), new StringWriter());
        var options = line.ToOptions(input, output);
        Assert.True(line.Verbose && !line.Help && !options.AllowInsecure);
        Assert.Equal(("127.0.0.1:0", "secret", 100L, 1, TimeSpan.FromSeconds(7)), (options.Listen, options.Token, options.ByteLimit, options.ParentProcessId, options.DeadMan));
        Assert.Same(input, options.Input);
        Assert.Same(output, options.Output);
    }

    [Fact]
    public void Folders_with_files_may_be_several()
    {
        Assert.Equal([Path.GetFullPath("."), Path.GetTempPath()], WorkerCommandLine.Parse(["--files-root=.", "x:1", "--files-root", Path.GetTempPath(), "--allow-insecure"]).ToOptions(TextReader.Null, TextWriter.Null).FilesRoots);
        Assert.Contains("option --files-root does not take '/no/such/folder'", Assert.Throws<ScriptException>(() => WorkerCommandLine.Parse(["--files-root=/no/such/folder", "x:1"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Consent_to_do_without_a_secret_needs_none() =>
        Assert.Null(WorkerCommandLine.Parse(["--allow-insecure", "x:1"]).ToOptions(TextReader.Null, TextWriter.Null).Token);

    [Fact]
    public void Standard_input_without_a_secret_is_an_error() =>
        Assert.Contains("the first line of standard input must be the secret",
            Assert.Throws<ScriptException>(() => WorkerCommandLine.Parse(["--token-stdin", "x:1"]).ToOptions(TextReader.Null, TextWriter.Null)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "DPH7012")]
    [InlineData("a:1 b:2", "DPH7013")]
    [InlineData("--tokn-file=x a:1", "did you mean --token-file?")]
    [InlineData("--nonsense a:1", "daphne worker --help lists the options")]
    [InlineData("a:1 --token-file", "option --token-file needs a value")]
    [InlineData("--token-file= a:1", "option --token-file needs a value")]
    [InlineData("--dead-man=0 a:1", "option --dead-man does not take '0'")]
    [InlineData("--max-bytes=lots a:1", "option --max-bytes does not take 'lots'")]
    [InlineData("--verbose=1 a:1", "option --verbose does not take '1'")]
    public void A_mistake_is_named(string words, string text) =>
        Assert.Contains(text, Assert.Throws<ScriptException>(() => WorkerCommandLine.Parse(words.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("127.0.0.1:50051", null), InlineData("localhost:1", null), InlineData("[::1]:80", null), InlineData("node-1.cluster:65535", null)]
    [InlineData("node", "it has no port"), InlineData("[::1]", "it has no port"), InlineData("::1:80", "an IPv6 address stands in brackets"), InlineData("a:0", "its port is no number from 1 to 65535"),
     InlineData("a:x", "its port is no number from 1 to 65535"), InlineData("a b:1", "its host is no name and no IP address"), InlineData("http://a:1", "an IPv6 address stands in brackets"), InlineData(":1", "its host is no name and no IP address")]
    public void An_address_to_attach_is_checked_before_anything_is_sent(string address, string? problem) => Assert.Equal(problem, WorkerAddress.Problem(address));
}
