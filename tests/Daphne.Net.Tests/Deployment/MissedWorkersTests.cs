using System.Collections.Concurrent;
using Daphne.Net.Deployment;

namespace Daphne.Net.Tests.Deployment;

/// <summary>Workers that do not answer any more, and a Slurm that says what became of their job, or does not.</summary>
public sealed class MissedWorkersTests : IAsyncLifetime
{
    const string Running = "echo 'RUNNING|None|2026-01-01T00:00:00|n1'";
    const string Listens = $"for f in \"$T\"/home/clusters/*; do [ -e \"$f/worker-42-0-0.log\" ] || echo 'Started Distributed Worker on n1:4000 ' > \"$f/worker-42-0-0.log\"; done; {Running}";

    readonly ScriptedSlurm slurm = new();
    readonly ConcurrentQueue<string> joined = [];
    readonly ConcurrentQueue<MissedNews> news = [];
    SlurmDeployment deployment = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        slurm.Answers("sbatch", "cat > \"$T/script\"; echo 42").Answers("squeue", Listens);
        string tool = Directory.CreateDirectory(Path.Combine(slurm.Folder, "tool")).FullName;
        File.WriteAllText(Path.Combine(tool, Bundle.Program), "#!/bin/sh\n");
        deployment = await SlurmDeployment.StartAsync(new()
        {
            Login = slurm, Recorded = new("", "", "", []), RemoteFolder = Path.Combine(slurm.Folder, "home"), Bundle = Bundle.Pack(tool, Path.Combine(slurm.Folder, "packed")), Records = new(Path.Combine(slurm.Folder, "records")),
            Time = new HurriedTime(), Slurm = new() { Workers = 1 },
        }, new("c0ffee", "coordinator", "worker", "1.0.0"), null, Ct);
        deployment.Missed!.Begin(deployment.Addresses, () => joined.IsEmpty, (worker, _) =>
        {
            joined.Enqueue(worker.Address);
            return Task.CompletedTask;
        }, news.Enqueue);
    }

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        slurm.Remove();
    }

    static async Task UntilAsync(Func<bool> isSo)
    {
        for (long began = Environment.TickCount64; !isSo(); await Task.Delay(10, Ct)) Assert.True(Environment.TickCount64 - began < 60_000, "not within a minute");
    }

    [Fact]
    public async Task Who_listens_elsewhere_by_now_joins_also_where_Slurm_did_not_count_the_start()
    {
        File.AppendAllText(Path.Combine(deployment.Folder!.Path, "worker-42-0-0.log"), "some words\nStarted Distributed Worker on n1:4001 \n");
        deployment.Missed!.Look();
        await UntilAsync(() => !joined.IsEmpty);
        Assert.Equal("n1:4001", Assert.Single(joined));
        await UntilAsync(() => !news.IsEmpty);
        Assert.Equal(new MissedNews("worker 0 of job 42 joins at n1:4001"), Assert.Single(news));
        Assert.Equal("n1:4001", Assert.Single(deployment.Record.Addresses));
    }

    [Fact]
    public async Task A_job_that_Slurm_has_forgotten_has_ended_and_nobody_waits_for_it()
    {
        slurm.Answers("squeue", ScriptedSlurm.NoSuchJob);
        deployment.Missed!.Look();
        await UntilAsync(() => !news.IsEmpty);
        var told = Assert.Single(news);
        Assert.StartsWith("job 42 ended: UNKNOWN (Slurm knows nothing of it any more", told.Text, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.Zero, told.Patience);
        Assert.Empty(joined);
    }

    [Fact]
    public async Task A_job_that_needed_more_memory_than_it_asked_for_says_so_also_where_Slurm_calls_it_failed()
    {
        // What a real Slurm does and says where JobAcctGatherParams has OverMemoryKill.
        File.WriteAllText(Path.Combine(deployment.Folder!.Path, "job-42.log"), "slurmstepd-n1: error: StepId=42.0 exceeded memory limit (409214976 > 52428800), being killed\nsrun: error: n1: task 0: Killed\n");
        slurm.Answers("squeue", "echo 'FAILED|NonZeroExitCode|2026-01-01T00:00:00|n1'");
        deployment.Missed!.Look();
        await UntilAsync(() => !news.IsEmpty);
        Assert.StartsWith("job 42 ended: FAILED (NonZeroExitCode): slurmstepd-n1: error: StepId=42.0 exceeded memory limit (409214976 > 52428800), being killed; ask for more (MemoryPerCore", Assert.Single(news).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_waits_again_is_waited_for_as_long_as_for_its_first_start_and_then_as_long_as_for_workers()
    {
        string go = Path.Combine(slurm.Folder, "go");
        slurm.Answers("squeue", $"[ -e {ShellQuote.Word(go)} ] && {{ {Running}; exit; }}; echo 'PENDING|BeginTime|N/A|'");
        deployment.Missed!.Look();
        await UntilAsync(() => !news.IsEmpty);
        Assert.Equal(new MissedNews("job 42 waits again: PENDING (BeginTime)", TimeSpan.FromHours(1)), Assert.Single(news));
        File.WriteAllText(go, "");
        await UntilAsync(() => news.Count == 2);
        Assert.Equal("job 42: RUNNING", news.Last().Text);
        Assert.InRange(news.Last().Patience!.Value, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(4));
    }
}
