using System.Text.RegularExpressions;

namespace Daphne.Net.ClusterTests;

/// <summary>The C# of the README is the code below, and it does what the README says.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task The_example_of_the_readme_runs()
    {
        var printed = new StringWriter();
        // README
        double[,] points = { { 1, 2 }, { 1.5, 1.8 }, { 8, 8 }, { 9, 11 } };

        await using var cluster = await DaphneCluster.Local(workers: 2).Deploy();
        await using var run = await cluster.RunAsync("""
            mu = mean($X, 1);
            scatter = t($X - mu) @ ($X - mu);
            print(mu);
            """, new { X = points });
        printed.Write(run.Output);
        double[,] scatter = run.Get<double[,]>("scatter");
        printed.Write(run.Report);
        // end of README
        Assert.StartsWith("DenseMatrix(1x2, double)\n4.875 5.7\n", printed.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, scatter.GetLength(0));
        Assert.Equal(points.Cast<double>().Where((_, i) => i % 2 == 0).Sum(x => (x - 4.875) * (x - 4.875)), scatter[0, 0], 1e-9);
        Assert.NotEmpty(run.Report.Pipelines);
    }

    [Theory]
    [InlineData(0, "ReadmeTests.cs")]
    [InlineData(1, "Deployed/ReadmeSlurmTests.cs")]
    public void The_examples_in_the_readme_are_that_code(int example, string file)
    {
        string source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Daphne.Net.ClusterTests", file));
        string readme = Example().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md")))[example].Groups[1].Value;
        string code = Code().Match(source).Groups[1].Value;
        Assert.Equal(Lines(code.Replace("printed.Write", "Console.Write", StringComparison.Ordinal)), Lines(readme.Replace("using Daphne.Net;", "", StringComparison.Ordinal)));
    }

    static string[] Lines(string code) => [.. code.Split('\n').Select(l => Comment().Replace(l, "").Trim()).Where(l => l.Length > 0)];

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"// README\n(.*?)// end of README", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"\s*// .*$")]
    private static partial Regex Comment();
}
