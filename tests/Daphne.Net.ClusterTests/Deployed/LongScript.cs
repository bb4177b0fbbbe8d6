namespace Daphne.Net.ClusterTests.Deployed;

/// <summary>Some seconds of pipelines whose cells are whole numbers, so that every way of adding them gives the same bytes.</summary>
static class LongScript
{
    const string Text = """
        X = $X; t0 = now(); wrong = 0;
        while (now() - t0 < 3000000000) { X = (X + 1.0) - 1.0; S = sum(X); wrong = wrong + as.scalar<si64>(S != 71994000.0); }
        print(wrong); print(sum(X * 3.0));
        """;
    static readonly double[,] x = Counting(400, 30);

    /// <summary>Runs it and looks at what it prints.</summary>
    public static async Task RunAsync(DaphneCluster cluster, IProgress<PipelineReport>? progress = null)
    {
        await using var run = await cluster.RunAsync(Text, new { X = x }, new() { Progress = progress }, TestContext.Current.CancellationToken);
        Assert.Equal("0\n2.15982e+08\n", run.Output);
    }

    /// <summary>Runs it again and again until it is so, something being done to the cluster in the middle of the first run.</summary>
    public static async Task HarmedAsync(DaphneCluster cluster, Action harm, Func<bool> until, string what)
    {
        var begun = new Begun();
        var run = RunAsync(cluster, begun);
        if (await Task.WhenAny(begun.Task, run) == run) await run;
        harm();
        await run;
        for (int more = 0; !until(); more++)
        {
            Assert.True(more < 60, $"not yet: {what}");
            await RunAsync(cluster);
        }
    }

    /// <summary>Ends with the first pipelines: from then on there is something on the workers.</summary>
    sealed class Begun : TaskCompletionSource, IProgress<PipelineReport>
    {
        const int Few = 5;
        int seen;

        public Begun() : base(TaskCreationOptions.RunContinuationsAsynchronously) { }

        public void Report(PipelineReport value)
        {
            if (++seen == Few) TrySetResult();
        }
    }

    static double[,] Counting(int rows, int cols)
    {
        var m = new double[rows, cols];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < cols; c++) m[r, c] = r * cols + c;
        return m;
    }
}
