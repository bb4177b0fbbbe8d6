using Daphne.Net.Distributed;

namespace Daphne.Net.Tests.Api;

/// <summary>What was made on workers stays there: pipelines over the same rows move numbers, not matrices.</summary>
public sealed class PlacedChainTests
{
    [Theory]
    [InlineData(DispatchMode.Synchronous), InlineData(DispatchMode.Asynchronous)]
    public async Task A_chain_of_five_moves_no_matrix_between_its_steps(DispatchMode dispatch)
    {
        const int rows = 4000, cols = 50;
        await using var cluster = await DaphneCluster.InProcess(2).Deploy(ct: TestContext.Current.CancellationToken);
        // Each sum ends a pipeline.
        await using var run = await cluster.RunAsync("""
            X = $x;
            X = X * 0.5 + sum(X);
            X = X * 0.5 + sum(X);
            X = X * 0.5 + sum(X);
            X = X * 0.5 + sum(X);
            X = X * 0.5 + sum(X);
            print(sum(X) > 0.0);
            """, new { x = ClusterRunsTests.Counting(rows, cols) }, new() { Rule = DistributionRule.Always, Dispatch = dispatch, Outputs = [] }, TestContext.Current.CancellationToken);
        Assert.Equal("1\n", run.Output);
        var pipelines = run.Report.Pipelines;
        Assert.True(pipelines.Count >= 6, $"{pipelines.Count} pipelines");
        Assert.All(pipelines, p => Assert.NotEqual("local", p.Where));
        // The matrix goes out once. From then on a few numbers go there, and one number per part of a sum comes back.
        Assert.InRange(pipelines.Sum(p => p.BytesSent), 8L * rows * cols, 8L * rows * cols + 400);
        Assert.InRange(pipelines.Sum(p => p.BytesReceived), 1, 400);
    }
}
