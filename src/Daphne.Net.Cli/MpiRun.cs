using Daphne.Net.Dialect;
using Daphne.Net.Distributed;

namespace Daphne.Net.Cli;

/// <summary>
/// <c>mpirun -np N daphne --distributed script</c>: every rank runs this program with the same command line. Rank 0 runs the script, prints and gives the job
/// its exit status; the others serve it and keep quiet.
/// </summary>
static class MpiRun
{
    const string Backend = "MPI";

    /// <summary>True for a distributed run over MPI: asked for, or because a launcher started several ranks.</summary>
    public static bool IsMeant(ToolSettings settings)
    {
        if (settings is not { Distributed: true, Cluster: null, Help: false, Version: false }) return false;
        return settings.Backend == Backend || (settings.Backend is null && MpiLaunch.Detect() is { Size: > 1 } launch
            && (launch.TellsMpi || string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISTRIBUTED_WORKERS"))));
    }

    /// <summary>
    /// True on a rank other than 0 of what is meant as a distributed run: it finds the same mistakes in the command line, and its exit status would make the
    /// launcher end rank 0 before that has said them.
    /// </summary>
    public static bool LeavesErrorsToRank0(string[] args) =>
        Array.Exists(args, a => a.StartsWith('-') && a.TrimStart('-').StartsWith("dist", StringComparison.Ordinal)) && MpiLaunch.Detect() is { Rank: > 0 };

    /// <summary>Runs or serves, as this rank is to.</summary>
    /// <param name="settings">The command line, with what a configuration file says; asked for on rank 0 only.</param>
    /// <param name="error">Gets notes, on rank 0, and what is wrong on any other.</param>
    /// <param name="ct">Stops the script; ranks that serve end with rank 0.</param>
    /// <param name="run">Runs the script on workers, until its token says no.</param>
    /// <returns>The exit status of this rank.</returns>
    public static int Run(Func<ToolSettings> settings, TextWriter error, CancellationToken ct, Action<ToolSettings, WorkerSet, CancellationToken> run)
    {
        var launch = MpiLaunch.Detect();
        // Ranks that serve may be on machines that do not have the files of rank 0.
        var configured = launch is { Rank: > 0 } ? null : settings();
        try
        {
            var job = MpiJob.Join(launch);
            return (job.Rank == 0 ? CoordinateAsync(job, configured ?? settings(), error, run, ct) : ServeAsync(job, error)).GetAwaiter().GetResult();
        }
        catch (RaisedException e) when (launch is { Rank: > 0 } other)
        {
            if (e.Def == Diag.MpiNotTold || e.Def == Diag.MpiWorldSize) return 0;   // all ranks find that, and rank 0 says it
            error.Write(Diag.MpiServingEnded.At(default, other.Rank, e.Message));
            return (int)Diag.MpiServingEnded.Stage;
        }
        catch (RaisedException e)
        {
            throw e.At(default);
        }
    }

    static async Task<int> CoordinateAsync(MpiJob job, ToolSettings settings, TextWriter error, Action<ToolSettings, WorkerSet, CancellationToken> run, CancellationToken ct)
    {
        OutputStream.KeepLineEnds(1);
        await using (job.ConfigureAwait(false))
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, job.LauncherGone);
            try
            {
                if (settings.Verbose) error.Write($"{job.Size} ranks, {job.Library}\n");
                var workers = await job.WorkersAsync(settings.MaxChunkBytes > 0 ? settings.MaxChunkBytes : MpiJob.DefaultChunkBytes, end.Token).ConfigureAwait(false);
                await using (workers.ConfigureAwait(false))
                {
                    if (settings.Verbose) foreach (var worker in workers.Clients) error.Write(RunNotes.Of(worker.Identity));
                    run(settings, workers, end.Token);
                }
                return 0;
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                throw new ScriptException(Diag.MpiRankLost.At(default, "the launcher of rank 0", "its process has ended"));
            }
            catch (WorkerException e)
            {
                throw Lost(e, default);
            }
            catch (ScriptException e) when (e.InnerException is WorkerException { Reason: WorkerFailure.Unreachable } lost)
            {
                throw Lost(lost, e.Diagnostics[0].Span);
            }
        }
    }

    static async Task<int> ServeAsync(MpiJob job, TextWriter error)
    {
        string why;
        try
        {
            var reason = await job.ServeAsync().ConfigureAwait(false);
            if (reason == WorkerStop.Requested)
            {
                await job.DisposeAsync().ConfigureAwait(false);
                return 0;
            }
            why = reason == WorkerStop.ParentGone ? "its launcher is gone" : "rank 0 has said nothing for a minute";
        }
        catch (RaisedException e)
        {
            why = e.Message;
        }
        error.Write(Diag.MpiServingEnded.At(default, job.Rank, why));
        return (int)Diag.MpiServingEnded.Stage;
    }

    static ScriptException Lost(WorkerException e, SourceSpan span) =>
        e is { Reason: WorkerFailure.Unreachable, InnerException: RaisedException malformed } ? malformed.At(span)
        : new(e.Reason == WorkerFailure.Unreachable ? Diag.MpiRankLost.At(span, e.Worker.Address, e.Detail) : WorkerErrors.ToDiagnostic(e, span), e);
}
