using Daphne.Net.Deployment;

namespace Daphne.Net.Tests.Deployment;

/// <summary>Deployments to a Slurm that does not do as it should: what was created is gone afterwards, or recorded for a sweep.</summary>
public sealed class SlurmDeploymentTests : IDisposable
{
    const string Pending = "echo 'PENDING|Resources|2030-01-01T00:00:00|'", Running = "echo 'RUNNING|None|2026-01-01T00:00:00|n1'";
    const string Listens = $"for f in \"$T\"/home/clusters/*; do echo 'Started Distributed Worker on n1:4000 ' > \"$f/worker-42-0-0.log\"; done; {Running}";
    const string Cancelled = "echo 'CANCELLED|None|2026-01-01T00:00:00|n1'";
    // Until it was cancelled, and from then on.
    const string Obeys = "[ -s \"$T/cancelled\" ] && { echo 'CANCELLED|None|N/A|'; exit; }; ";

    readonly ScriptedSlurm slurm = new();
    readonly DeploymentRecords records;

    public SlurmDeploymentTests()
    {
        records = new(Path.Combine(slurm.Folder, "records"));
        slurm.Answers("sbatch", "cat > \"$T/script\"; echo 42").Answers("scancel", "echo yes > \"$T/cancelled\"");
    }

    public void Dispose() => slurm.Remove();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    SlurmDeploymentOptions Options(double startSeconds = 20, double workerSeconds = 20, int workers = 1, int least = 0)
    {
        string tool = Directory.CreateDirectory(Path.Combine(slurm.Folder, "tool")).FullName;
        File.WriteAllText(Path.Combine(tool, Bundle.Program), "#!/bin/sh\n");
        return new()
        {
            Login = slurm, Recorded = new("", "", "", []), RemoteFolder = Path.Combine(slurm.Folder, "home"), Bundle = Bundle.Pack(tool, Path.Combine(slurm.Folder, "packed")), Records = records, Time = new HurriedTime(),
            Slurm = new() { Workers = workers, MinWorkers = least, StartTimeout = TimeSpan.FromSeconds(startSeconds) }, WorkerTimeout = TimeSpan.FromSeconds(workerSeconds), EndTimeout = TimeSpan.FromSeconds(2),
        };
    }

    static readonly ClusterSecrets secrets = new("c0ffee", "coordinator", "worker", "1.0.0");

    void Nothing()
    {
        Assert.Empty(records.List());
        string clusters = Path.Combine(slurm.Folder, "home", "clusters");
        Assert.Empty(Directory.Exists(clusters) ? Directory.GetFileSystemEntries(clusters) : []);
    }

    [Fact]
    public async Task A_controller_that_is_away_for_a_while_ends_nothing()
    {
        slurm.Answers("squeue", [Pending, .. Enumerable.Repeat(ScriptedSlurm.Down, 12), Pending, Obeys + Listens]).Answers("scontrol", ScriptedSlurm.Down);
        var seen = new Steps();
        await using var deployment = await SlurmDeployment.StartAsync(Options(), secrets, seen, Ct);
        Assert.Equal("n1:4000", Assert.Single(deployment.Addresses));
        Assert.Contains(seen.All, s => s is { Step: DeployStep.Waiting } && s.Detail == "job 42: PENDING (Resources), expected to start at 2030-01-01T00:00:00");
        Assert.Contains(seen.All, s => s is { Step: DeployStep.Waiting } && s.Detail.Contains("Unable to contact", StringComparison.Ordinal));
        await deployment.CleanAsync(Ct);
        Nothing();
    }

    [Fact]
    public async Task A_job_that_slurm_no_longer_knows_has_ended()
    {
        var ended = await Assert.ThrowsAsync<DeploymentException>(() => SlurmDeployment.StartAsync(Options(), secrets, null, Ct));
        Assert.Equal(DeploymentFailure.JobEnded, ended.Reason);
        Assert.Contains("Invalid job id", ended.Message);
        Nothing();
    }

    [Fact]
    public async Task A_job_that_does_not_start_in_time_is_cancelled_and_the_reason_told()
    {
        slurm.Answers("squeue", Obeys + Pending);
        var late = await Assert.ThrowsAsync<DeploymentException>(() => SlurmDeployment.StartAsync(Options(startSeconds: 0.3), secrets, null, Ct));
        Assert.Equal(DeploymentFailure.TimedOut, late.Reason);
        Assert.Contains("PENDING (Resources)", late.Message);
        Assert.Equal("scancel 42", Assert.Single(slurm.Calls("scancel")));
        Nothing();
    }

    [Fact]
    public async Task A_job_that_does_not_go_stays_recorded_until_it_goes()
    {
        slurm.Answers("squeue", Listens);
        var deployment = await SlurmDeployment.StartAsync(Options(), secrets, null, Ct);
        var stays = await Assert.ThrowsAsync<DeploymentException>(() => deployment.CleanAsync(Ct));
        Assert.Equal(DeploymentFailure.TimedOut, stays.Reason);
        await deployment.DisposeAsync();
        var left = Assert.Single(records.List());
        Assert.False(left.Stopped);
        slurm.Answers("squeue", Cancelled);
        await using var again = SlurmDeployment.Attach(left, Options());
        Assert.False(await again.RunsAsync(Ct));
        await again.CleanAsync(Ct);
        Nothing();
    }

    [Fact]
    public async Task A_job_nobody_wrote_down_is_found_by_its_name()
    {
        // What a process leaves that is killed between the submission and the note of it.
        var options = Options();
        records.Save(new() { ClusterId = "c0ffee", Kind = "slurm", Created = DateTimeOffset.UnixEpoch, Version = "1", Identity = "x", Hosts = [new("", "", options.RemoteFolder!, [])] });
        await ClusterFolder.MakeAsync(slurm, options.RemoteFolder, "c0ffee", "c0ffee", "x", Ct);
        slurm.Answers("squeue", $"case $* in *--name=daphne-c0ffee*) echo 77;; *) {Obeys} {Running};; esac");
        await using var found = SlurmDeployment.Attach(records.Find("c0ffee")!, options);
        Assert.True(await found.RunsAsync(Ct));
        await found.CleanAsync(Ct);
        Assert.Equal("scancel 77", Assert.Single(slurm.Calls("scancel")));
        Nothing();
    }

    [Fact]
    public async Task Enough_workers_will_do_and_too_few_will_not()
    {
        slurm.Answers("squeue", Obeys + Listens);
        await using (var deployment = await SlurmDeployment.StartAsync(Options(workers: 3, least: 1, workerSeconds: 0.3), secrets, null, Ct))
        {
            Assert.Single(deployment.Addresses);
            await deployment.CleanAsync(Ct);
        }
        Nothing();
        File.Delete(Path.Combine(slurm.Folder, "cancelled"));
        var few = await Assert.ThrowsAsync<DeploymentException>(() => SlurmDeployment.StartAsync(Options(workers: 3, least: 2, workerSeconds: 0.3), secrets, null, Ct));
        Assert.Equal(DeploymentFailure.TimedOut, few.Reason);
        Assert.Contains("1 of 3 workers listen", few.Message);
        Nothing();
    }

    [Fact]
    public async Task Cancelled_after_any_step_it_leaves_nothing()
    {
        slurm.Answers("squeue", Obeys + Pending, Obeys + Pending, Obeys + Listens);
        for (int after = 1; ; after++)
        {
            File.Delete(Path.Combine(slurm.Folder, "calls"));
            File.Delete(Path.Combine(slurm.Folder, "cancelled"));
            using var stop = new CancellationTokenSource();
            var seen = new Steps(after, stop);
            try
            {
                await using var whole = await SlurmDeployment.StartAsync(Options(), secrets, seen, stop.Token);
                await whole.CleanAsync(Ct);
                Assert.True(seen.All.Count >= 6, "fewer steps than there are");
                if (!stop.IsCancellationRequested) return;
            }
            catch (OperationCanceledException)
            {
                Assert.Equal(slurm.Calls("sbatch").Length, slurm.Calls("scancel").Length);
            }
            Nothing();
        }
    }

    sealed class Steps(int cancelAfter = 0, CancellationTokenSource? cancel = null) : IProgress<DeployProgress>
    {
        public List<DeployProgress> All { get; } = [];

        public void Report(DeployProgress value)
        {
            All.Add(value);
            if (All.Count == cancelAfter) cancel!.Cancel();
        }
    }
}
