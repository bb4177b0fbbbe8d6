using Daphne.Net.Deployment;

namespace Daphne.Net.Tests.Deployment;

/// <summary>What is made of the answers of a Slurm that is busy, forgetful, ill or newer than we are.</summary>
public sealed class SlurmClientTests : IDisposable
{
    const string Busy = "echo 'sbatch: error: Batch job submission failed: Resource temporarily unavailable' >&2; exit 1";

    readonly ScriptedSlurm slurm = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    SlurmClient Client => new(slurm, new HurriedTime(), jitterSeed: 1);

    public void Dispose() => slurm.Remove();

    [Fact]
    public async Task A_busy_controller_is_asked_again()
    {
        slurm.Answers("sbatch", Busy, Busy, "cat > \"$T/script\"; echo 42").Answers("squeue", "exit 0");
        Assert.Equal(new SlurmJob(42, null), await Client.SubmitAsync("#!/bin/sh\n", "daphne-c", Ct));
        Assert.Equal(3, slurm.Calls("sbatch").Length);
        Assert.Equal("#!/bin/sh\n", File.ReadAllText(Path.Combine(slurm.Folder, "script")));
    }

    [Fact]
    public async Task A_job_that_was_taken_without_an_answer_is_not_submitted_twice()
    {
        slurm.Answers("sbatch", "echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2; exit 1").Answers("squeue", ScriptedSlurm.Down, ScriptedSlurm.Down, "echo 43");
        Assert.Equal(new SlurmJob(43, null), await Client.SubmitAsync("", "daphne-c", Ct));
        Assert.Single(slurm.Calls("sbatch"));
        Assert.All(slurm.Calls("squeue"), call => Assert.Contains("--name=daphne-c", call));
    }

    [Fact]
    public async Task Nothing_is_submitted_again_while_nobody_says_whether_the_first_was_taken()
    {
        slurm.Answers("sbatch", Busy).Answers("squeue", ScriptedSlurm.Down);
        var silent = await Assert.ThrowsAsync<DeploymentException>(() => Client.SubmitAsync("", "daphne-c", Ct));
        Assert.Equal(DeploymentFailure.SchedulerSilent, silent.Reason);
        Assert.Single(slurm.Calls("sbatch"));
    }

    [Fact]
    public async Task A_controller_that_stays_busy_is_given_up()
    {
        slurm.Answers("sbatch", Busy).Answers("squeue", "exit 0");
        var silent = await Assert.ThrowsAsync<DeploymentException>(() => Client.SubmitAsync("", "daphne-c", Ct));
        Assert.Equal(DeploymentFailure.SchedulerSilent, silent.Reason);
        Assert.Contains("Resource temporarily unavailable", silent.Message);
        Assert.InRange(slurm.Calls("sbatch").Length, 3, 10);
    }

    [Fact]
    public async Task A_refusal_is_not_repeated_and_a_machine_without_slurm_is_named()
    {
        var missing = await Assert.ThrowsAsync<DeploymentException>(() => new SlurmClient(new NoSlurm(slurm), new HurriedTime()).SubmitAsync("", "daphne-c", Ct));
        Assert.Equal(DeploymentFailure.ProgramMissing, missing.Reason);
        slurm.Answers("sbatch", "echo 'sbatch: error: Batch job submission failed: Invalid account' >&2; exit 1");
        var refused = await Assert.ThrowsAsync<DeploymentException>(() => Client.SubmitAsync("THE SCRIPT", "daphne-c", Ct));
        Assert.Equal(DeploymentFailure.JobRefused, refused.Reason);
        Assert.Contains("Invalid account", refused.Message);
        Assert.Contains("THE SCRIPT", refused.Message);
        Assert.Single(slurm.Calls("sbatch"));
    }

    [Theory]
    [InlineData("Submitted batch job 7")]
    [InlineData("7;a;b")]
    [InlineData("-7")]
    [InlineData("")]
    public async Task An_answer_that_is_no_number_is_no_job(string answer)
    {
        slurm.Answers("sbatch", $"echo '{answer}'");
        Assert.Equal(DeploymentFailure.CommandFailed, (await Assert.ThrowsAsync<DeploymentException>(() => Client.SubmitAsync("", "daphne-c", Ct))).Reason);
    }

    [Fact]
    public async Task A_job_of_another_cluster_is_asked_for_and_cancelled_there()
    {
        slurm.Answers("sbatch", "echo '44;fast'").Answers("squeue", "echo 'RUNNING|None|2026-01-01T00:00:00|n1'");
        var job = await Client.SubmitAsync("", "daphne-c", Ct);
        Assert.Equal(new SlurmJob(44, "fast"), job);
        Assert.Equal(JobPhase.Running, (await Client.StateAsync(job, Ct)).Phase);
        await Client.CancelAsync(job, Ct);
        Assert.Contains("-M fast", slurm.Calls("squeue")[0]);
        Assert.Equal("scancel -M fast 44", Assert.Single(slurm.Calls("scancel")));
    }

    [Fact]
    public async Task A_job_that_squeue_has_forgotten_is_looked_for_in_scontrol_and_in_the_accounting()
    {
        slurm.Answers("scontrol", "echo 'JobId=1 JobName=x UserId=a(1) JobState=TIMEOUT Reason=TimeLimit StartTime=2026-01-01T00:00:00 NodeList=n[1-2]'");
        Assert.Equal(new JobState(JobPhase.Ended, "TIMEOUT", "TimeLimit", "2026-01-01T00:00:00", "n[1-2]"), await Client.StateAsync(new(1, null), Ct));
        slurm.Answers("scontrol", ScriptedSlurm.NoSuchJob).Answers("sacct", "echo 'OUT_OF_MEMORY|None|2026-01-01T00:00:00|n1'");
        Assert.Equal(JobPhase.Ended, (await Client.StateAsync(new(1, null), Ct)).Phase);
        // The accounting runs behind the controller.
        slurm.Answers("sacct", "echo 'RUNNING|None|2026-01-01T00:00:00|n1'");
        Assert.Equal(JobPhase.Forgotten, (await Client.StateAsync(new(1, null), Ct)).Phase);
    }

    [Fact]
    public async Task Not_answering_is_not_forgetting()
    {
        slurm.Answers("squeue", ScriptedSlurm.Down).Answers("scontrol", ScriptedSlurm.Down);      // and no sacct
        var state = await Client.StateAsync(new(1, null), Ct);
        Assert.Equal(JobPhase.Unknown, state.Phase);
        Assert.Contains("Unable to contact slurm controller", state.Reason);
        slurm.Answers("squeue", ScriptedSlurm.NoSuchJob).Answers("scontrol", ScriptedSlurm.NoSuchJob);
        Assert.Equal(JobPhase.Forgotten, (await Client.StateAsync(new(1, null), Ct)).Phase);
        slurm.Answers("squeue", "echo 'HIBERNATING|None|N/A|'");
        Assert.Equal((JobPhase.Unknown, "HIBERNATING"), ((await Client.StateAsync(new(1, null), Ct)) is var s ? (s.Phase, s.State) : default));
    }

    [Fact]
    public async Task Cancelling_waits_for_a_busy_controller_and_does_not_mind_a_job_that_is_gone()
    {
        slurm.Answers("scancel", ScriptedSlurm.Down, "exit 0");
        await Client.CancelAsync(new(5, null), Ct);
        Assert.Equal(2, slurm.Calls("scancel").Length);
        slurm.Answers("scancel", "echo 'scancel: error: Kill job error on job id 5: Invalid job id specified' >&2; exit 1");
        await Client.CancelAsync(new(5, null), Ct);
        slurm.Answers("scancel", ScriptedSlurm.Down);
        Assert.Equal(DeploymentFailure.SchedulerSilent, (await Assert.ThrowsAsync<DeploymentException>(() => Client.CancelAsync(new(5, null), Ct))).Reason);
    }

    [Fact]
    public async Task A_job_that_waits_gets_nodes_again_and_keeps_what_else_it_excludes()
    {
        slurm.Answers("scontrol", ScriptedSlurm.Down, "echo 'JobId=5 JobState=PENDING ReqNodeList=(null) ExcNodeList=n[1-3] NodeList='", ScriptedSlurm.Down, "exit 0");
        Assert.True(await Client.AllowAsync(new(5, "fast"), ["n1", "n3", "n9"], Ct));
        Assert.Equal(["scontrol -M fast --oneliner show job 5", "scontrol -M fast update JobId=5 ExcNodeList=n2"], slurm.Calls("scontrol").Distinct());
        slurm.Answers("scontrol", Shows("PENDING", "n[1-3]") + ChangesTo("ExcNodeList="));
        Assert.True(await Client.AllowAsync(new(5, null), ["n1", "n2", "n3"], Ct));
        slurm.Answers("scontrol", Shows("PENDING", "(null)") + "exit 1");
        Assert.True(await Client.AllowAsync(new(5, null), ["n1"], Ct));        // nothing to do
    }

    [Theory]
    [InlineData("Job is no longer pending execution for job 5")]
    [InlineData("Job has already finished for job 5")]
    [InlineData("Invalid job id specified for job 5")]
    public async Task A_job_that_began_or_ended_meanwhile_may_keep_what_it_excludes(string words)
    {
        slurm.Answers("scontrol", Shows("PENDING", "n1") + $"echo '{words}' >&2; exit 1");
        Assert.False(await Client.AllowAsync(new(5, null), ["n1"], Ct));
        slurm.Answers("scontrol", Shows("RUNNING", "n1") + "exit 0");
        Assert.False(await Client.AllowAsync(new(5, null), ["n1"], Ct));
        slurm.Answers("scontrol", ScriptedSlurm.NoSuchJob);
        Assert.False(await Client.AllowAsync(new(5, null), ["n1"], Ct));
    }

    [Fact]
    public async Task Who_does_not_answer_and_who_refuses_to_change_a_job_is_told_apart()
    {
        slurm.Answers("scontrol", Shows("PENDING", "n1") + ScriptedSlurm.Down);
        Assert.Equal(DeploymentFailure.SchedulerSilent, (await Assert.ThrowsAsync<DeploymentException>(() => Client.AllowAsync(new(5, null), ["n1"], Ct))).Reason);
        slurm.Answers("scontrol", Shows("PENDING", "n1") + "echo 'Access/permission denied for job 5' >&2; exit 1");
        var refused = await Assert.ThrowsAsync<DeploymentException>(() => Client.AllowAsync(new(5, null), ["n1"], Ct));
        Assert.Equal(DeploymentFailure.NotPermitted, refused.Reason);
        Assert.Contains("letting job 5 run on n1 on login failed with exit status 1: Access/permission denied", refused.Message);
    }

    static string Shows(string state, string excluded) => $"case $* in *show*) echo 'JobId=5 JobState={state} ExcNodeList={excluded} NodeList='; exit;; esac; ";

    static string ChangesTo(string words) => $"case \" $* \" in *' {words} '*) exit 0;; *) exit 1;; esac";

    [Fact]
    public async Task Many_jobs_are_one_question_and_those_it_passes_over_are_asked_for_one_by_one()
    {
        slurm.Answers("squeue", "echo '1|RUNNING|None|2026-01-01T00:00:00|n1|9:30'; echo '3|PENDING|Priority|N/A||10:00'", ScriptedSlurm.NoSuchJob)
            .Answers("scontrol", "echo 'JobId=2 JobState=COMPLETED Reason=None StartTime=2026-01-01T00:00:00 NodeList=n1'");
        var states = await Client.StatesAsync([new(1, null), new(2, null), new(3, null)], Ct);
        Assert.Equal([JobPhase.Running, JobPhase.Ended, JobPhase.Pending], states.Select(s => s.Phase));
        Assert.Equal([TimeSpan.FromMinutes(9.5), null, null], states.Select(s => s.Left));
        Assert.Contains("--jobs=1,2,3", slurm.Calls("squeue")[0]);
        Assert.Equal(2, slurm.Calls("squeue").Length);
    }

    [Fact]
    public async Task Memory_that_was_not_enough_is_told_with_what_was_used()
    {
        var state = new JobState(JobPhase.Ended, "OUT_OF_MEMORY", "OutOfMemory", "", "n[1-2]");
        slurm.Answers("sacct", "printf '4000M||\\n4000M|12K|n1\\n|4213.5M|n2\\n'");
        string told = (await Client.EndAsync(new(7, null), state, Ct)).Text;
        Assert.Contains("OUT_OF_MEMORY (OutOfMemory): 4000M of memory were asked for, 4213.5M were used on n2; ask for more (MemoryPerCore", told);
        // Without accounting half of it is known.
        slurm.Answers("sacct", "exit 1").Answers("scontrol", "echo 'JobId=7 JobState=OUT_OF_MEMORY MinMemoryCPU=2000M'");
        Assert.Contains("2000M a core of memory were asked for, and nothing recorded how much was used", (await Client.EndAsync(new(7, null), state, Ct)).Text);
    }

    [Fact]
    public async Task Of_the_nodes_of_a_job_those_that_failed_are_to_blame()
    {
        slurm.Answers("sinfo", "printf 'n1 idle\\nn2 down*\\nn3 mix\\n'");
        Assert.Equal(["n2"], (await Client.EndAsync(new(7, null), new(JobPhase.Ended, "NODE_FAIL", "None", "", "n[1-3]"), Ct)).Blamed);
        Assert.Equal(["n1"], (await Client.EndAsync(new(7, null), new(JobPhase.Ended, "NODE_FAIL", "None", "", "n1"), Ct)).Blamed);
        Assert.Empty((await Client.EndAsync(new(7, null), new(JobPhase.Ended, "TIMEOUT", "TimeLimit", "", "n1"), Ct)).Blamed);
    }

    [Fact]
    public async Task Jobs_of_a_cluster_are_found_and_no_others()
    {
        slurm.Answers("squeue", "printf '1|daphne-c0\\n2|daphne-c0-2\\n3|daphne-c01\\n4|mine\\n5;fast|daphne-c0-11\\n'");
        Assert.Equal([1L, 2L, 5L], (await Client.FindAllAsync("c0", Ct)).Select(j => j.Id));
    }

    sealed class NoSlurm(ScriptedSlurm slurm) : IShell
    {
        public string Name => "laptop";
        public Task<ShellResult> RunAsync(ShellCommand command, CancellationToken ct = default) => slurm.RunAsync(command with { Script = "PATH=/nonexistent\n" + command.Script }, ct);
        public Task<bool> UploadAsync(UploadedFile file, IProgress<long>? sentBytes = null, CancellationToken ct = default) => throw new NotSupportedException();
        public ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken ct = default) => throw new NotSupportedException();
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
