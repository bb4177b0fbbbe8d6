namespace Daphne.Net.Tests.Api;

/// <summary>A cluster that is disposed under running scripts. Alone, because it listens to exceptions that nobody in this process observed.</summary>
[Collection(nameof(AloneCollection))]
public sealed class DisposeWhileRunningTests
{
    [Fact]
    public async Task Runs_under_way_end_as_cancelled_and_no_exception_is_left_unobserved()
    {
        Collect();
        List<Exception> unobserved = [];
        void Note(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            lock (unobserved) unobserved.Add(e.Exception);
        }
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await RunAndDispose();
            Collect();
            lock (unobserved) Assert.Empty(unobserved);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }
    }

    static async Task RunAndDispose()
    {
        var cluster = await DaphneCluster.InProcess(2).Deploy();
        // A worker that fails, and one whose call that cancels.
        await Assert.ThrowsAsync<Dialect.ScriptException>(() => cluster.RunAsync("print(sum(sqrt($x - 100.0)));", new { x = ClusterRunsTests.Counting(60, 5) }));
        var running = new List<Task<DaphneRun>>();
        for (int n = 0; n < 4; n++)
        {
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            running.Add(cluster.RunAsync("print(1); X = $x; while (sum(X) >= 0.0) { X = exp(sqrt(X)) / exp(sqrt(X)) + X * 0.0; }", new { x = ClusterRunsTests.Counting(60, 5) },
                new() { Output = new ClusterRunsTests.Begun(begun) }));
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        await cluster.DisposeAsync();
        foreach (var run in running)
        {
            // Disposing waits for the runs, and their awaiters are told at once.
            Assert.Equal("the cluster was disposed while the script ran", (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(60)))).Message);
        }
    }

    static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}

/// <summary>Tests that run while no others do.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
