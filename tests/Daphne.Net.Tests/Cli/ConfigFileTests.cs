using Daphne.Net.Cli;
using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Runtime;

namespace Daphne.Net.Tests.Cli;

/// <summary>Configuration files: what takes effect, what is refused and where the message points.</summary>
public sealed class ConfigFileTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("daphne-config-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    FilePolicy Here => FilePolicy.CurrentDirectory with { BaseDirectory = folder };

    ToolSettings Apply(string json)
    {
        File.WriteAllText(Path.Combine(folder, "c.json"), json);
        var settings = new ToolSettings();
        ConfigFile.Apply("c.json", Here, settings, TextWriter.Null);
        return settings;
    }

    string[] Mistakes(string json) => [.. Assert.Throws<ScriptException>(() => Apply(json)).Diagnostics.Select(d => d.Headline)];

    (int Status, string Output, string Error) Run(params string[] words)
    {
        File.WriteAllText(Path.Combine(folder, "s.daphne"), "print(1);");
        StringWriter output = new(), error = new();
        return (RunCommand.Run(words, output, error, Here), output.ToString(), error.ToString());
    }

    [Fact]
    public void Keys_that_mean_something_here_take_effect()
    {
        var settings = Apply("""
            { "use_vectorized_exec": true, "use_ipa_const_propa": false, "numberOfThreads": 3, "sparsity_threshold": 0.5, "explain_parsing": true, "explain_sql": false,
              "daphnedsl_import_paths": { "default_dirs": ["a", "b"], "lib": ["c"] } }
            """);
        Assert.Equal((true, false, 3, 0.5), (settings.Vectorize, settings.PropagateConstants, settings.Threads, settings.SparsityThreshold));
        Assert.Equal(["parsing"], settings.Explain);
        Assert.Equal(["a", "b"], settings.ImportPaths.DefaultDirectories);
        Assert.Equal(["c"], settings.ImportPaths.Libraries["lib"]);
        Assert.Equal(CompilerOptions.DefaultSparsityThreshold, Apply("{}").SparsityThreshold);
        Assert.Equal(0, Apply("""{ "numberOfThreads": -1 }""").Threads);
    }

    [Fact]
    public void Other_keys_of_the_original_are_checked_and_named_under_verbose()
    {
        var settings = Apply("""
            { "taskPartitioningScheme": "GSS", "matmul_fixed_tile_sizes": [4, 4], "libdir": "x", "use_cuda": false, "minimumTaskSize": 1.0,
              "logging": [{ "log-level-limit": "ERROR" }, { "comment": "c", "name": "n", "filename": "", "level": "INFO", "format": "%v" }] }
            """);
        Assert.Equal(["taskPartitioningScheme", "matmul_fixed_tile_sizes", "libdir", "use_cuda", "minimumTaskSize", "logging"], settings.WithoutEffect);
    }

    [Fact]
    public void Every_mistake_is_named_with_its_place() => Assert.Equal(
        [
            "c.json:2:3: error DPH7103: the configuration has no key 'numberOfThread'",
            "c.json:3:26: error DPH7104: 'use_vectorized_exec' in the configuration must be true or false",
            "c.json:4:29: error DPH7104: 'daphnedsl_import_paths' in the configuration must be an object whose values are lists of folders",
        ], Mistakes("{\n  \"numberOfThread\": 2,\n  \"use_vectorized_exec\": 1,\n  \"daphnedsl_import_paths\": [\"ä\"]\n}"));

    [Theory]
    [InlineData("""{ "taskPartitioningScheme": "gss" }""", "7104")]
    [InlineData("""{ "taskPartitioningScheme": null }""", "7104")]
    [InlineData("""{ "numberOfThreads": 2.5 }""", "7104")]
    [InlineData("""{ "numberOfThreads": 1e300 }""", "7104")]
    [InlineData("""{ "matmul_fixed_tile_sizes": [4, "4"] }""", "7104")]
    [InlineData("""{ "logging": [{ "name": "n" }] }""", "7104")]
    [InlineData("""{ "daphnedsl_import_paths": { "lib": "folder" } }""", "7104")]
    [InlineData("", "7102")]
    [InlineData("[]", "7102")]
    [InlineData("{} {}", "7102")]
    [InlineData("{ \"libdir\": \"\\ud800\" }", "7102")]
    [InlineData("{ \"use_cuda\": tru }", "7102")]
    [InlineData("// no comments\n{}", "7102")]
    public void What_a_configuration_cannot_be(string json, string code) => Assert.Contains($"error DPH{code}: ", Assert.Single(Mistakes(json)), StringComparison.Ordinal);

    [Fact]
    public void The_command_line_goes_before_the_file()
    {
        File.WriteAllText(Path.Combine(folder, "two.json"), """{ "numberOfThreads": 2 }""");
        var settings = new ToolSettings();
        ConfigFile.Apply("two.json", Here, settings, TextWriter.Null);
        Assert.Equal(3, OptionParser.Parse(["--num-threads=3", "s.daphne"], settings).Threads);
        Assert.Equal((0, "1\n", ""), Run("--config", "two.json", "--num-threads=1", "s.daphne"));
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_warning() => Assert.Equal(
        (0, "1\n", "warning DPH7100: the configuration 'none.json' does not exist; the script runs without it\nhint: check the path; it is relative to the current directory\n"),
        Run("--config=none.json", "s.daphne"));

    [Fact]
    public void A_folder_is_an_error()
    {
        Directory.CreateDirectory(Path.Combine(folder, "sub"));
        Assert.Equal((1, "", "error DPH7101: the configuration 'sub' cannot be read: it is a folder\n"), Run("--config=sub", "s.daphne"));
    }
}
