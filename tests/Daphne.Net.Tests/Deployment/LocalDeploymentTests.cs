using System.Diagnostics;
using Daphne.Net.Deployment;

namespace Daphne.Net.Tests.Deployment;

/// <summary>Process handling with shell scripts in the place of workers: what is started is taken down, whatever goes wrong.</summary>
public sealed class LocalDeploymentTests
{
    const string Good = "read secret; echo starting; echo \"Started Distributed Worker on 127.0.0.1:$((4000 + $1)) \"; read more; exit 0";

    static LocalWorkerOptions Options(string script, int workers = 2, double startSeconds = 20, double stopSeconds = 5) => new()
    {
        Workers = workers, Command = ["/bin/sh", "-c", script, "worker"], Arguments = n => [n.ToString()], Secret = "s3cret",
        StartTimeout = TimeSpan.FromSeconds(startSeconds), StopTimeout = TimeSpan.FromSeconds(stopSeconds),
    };

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Workers_listen_at_the_addresses_they_print_and_end_when_disposed()
    {
        var steps = new List<DeployProgress>();
        var deployment = await LocalDeployment.StartAsync(Options(Good), new Recorder(steps), Ct);
        Assert.Equal(["127.0.0.1:4000", "127.0.0.1:4001"], deployment.Workers.Select(w => w.Address));
        Assert.All(deployment.Workers, w => Assert.False(w.Exited.IsCompleted));
        await deployment.DisposeAsync();
        Assert.All(deployment.Workers, w => Assert.True(w.Exited.IsCompletedSuccessfully));
        foreach (var step in new[] { DeployStep.Starting, DeployStep.Listening, DeployStep.Stopping, DeployStep.Stopped })
            Assert.Equal([0, 1], steps.Where(s => s.Step == step).Select(s => s.Worker).Order());
    }

    [Fact]
    public async Task The_secret_arrives_on_standard_input_and_nowhere_else()
    {
        string script = "read secret; echo \"got $secret\"; grep -c s3[c]ret /proc/$$/cmdline /proc/$$/environ; echo 'Started Distributed Worker on x:1'; read more";
        await using var deployment = await LocalDeployment.StartAsync(Options(script, workers: 1), null, Ct);
        string[] lines = deployment.Workers[0].LogTail.Split('\n');
        Assert.Contains("got s3cret", lines);
        Assert.Equal(2, lines.Count(l => l.EndsWith(":0", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_worker_that_ends_early_is_reported_with_its_last_words_and_the_others_are_gone()
    {
        string pids = Path.GetTempFileName();
        string script = $"echo $$ >> {pids}; if [ $1 = 1 ]; then echo 'no such port' >&2; exit 7; fi; {Good}";
        var e = await Assert.ThrowsAsync<DeploymentException>(() => LocalDeployment.StartAsync(Options(script, workers: 3), null, Ct));
        Assert.Equal(DeploymentFailure.WorkerEnded, e.Reason);
        Assert.Contains("status 7", e.Message, StringComparison.Ordinal);
        Assert.Contains("no such port", e.Message, StringComparison.Ordinal);
        Assert.All(File.ReadAllLines(pids), pid => Assert.False(Directory.Exists("/proc/" + pid), $"process {pid} was left behind"));
        File.Delete(pids);
    }

    [Fact]
    public async Task A_worker_that_never_listens_is_given_up_in_time()
    {
        var watch = Stopwatch.StartNew();
        var e = await Assert.ThrowsAsync<DeploymentException>(() => LocalDeployment.StartAsync(Options("sleep 60", 1, startSeconds: 0.3, stopSeconds: 0.3), null, Ct));
        Assert.Equal(DeploymentFailure.TimedOut, e.Reason);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(50), $"took {watch.Elapsed}");
    }

    [Fact]
    public async Task A_worker_that_ignores_the_end_of_its_input_is_killed()
    {
        string script = "echo 'Started Distributed Worker on x:1'; trap '' TERM; while :; do sleep 1; done";
        var deployment = await LocalDeployment.StartAsync(Options(script, 1, stopSeconds: 0.3), null, Ct);
        await deployment.DisposeAsync();
        Assert.True(deployment.Workers[0].Exited.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Cancelling_the_start_leaves_nothing()
    {
        string pids = Path.GetTempFileName();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            LocalDeployment.StartAsync(Options($"echo $$ >> {pids}; read secret; read more", stopSeconds: 2), null, cancel.Token));
        Assert.All(File.ReadAllLines(pids), pid => Assert.False(Directory.Exists("/proc/" + pid), $"process {pid} was left behind"));
        File.Delete(pids);
    }

    [Fact]
    public async Task A_missing_program_is_named()
    {
        var options = new LocalWorkerOptions { Workers = 1, Command = ["/nonexistent/daphne"], Arguments = _ => [], Secret = "" };
        var e = await Assert.ThrowsAsync<DeploymentException>(() => LocalDeployment.StartAsync(options, null, Ct));
        Assert.Equal(DeploymentFailure.StartFailed, e.Reason);
        Assert.Contains("/nonexistent/daphne", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_gives_back_the_pipes_of_the_workers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "counts the entries of /proc/self/fd");
        int before = Pipes();
        for (int i = 0; i < 5; i++)
            await using (await LocalDeployment.StartAsync(Options(Good, workers: 4), null, Ct)) { }
        // Other tests open and close some of their own meanwhile: three for each of 20 workers would stand out.
        Assert.InRange(Pipes() - before, -60, 15);

        static int Pipes() => new DirectoryInfo("/proc/self/fd").GetFileSystemInfos().Count(f => f.LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) == true);
    }

    sealed class Recorder(List<DeployProgress> steps) : IProgress<DeployProgress>
    {
        public void Report(DeployProgress value)
        {
            lock (steps) steps.Add(value);
        }
    }
}
