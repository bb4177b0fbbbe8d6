using Daphne.Net.Deployment;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;

namespace Daphne.Net.Cli;

/// <summary><c>daphne --distributed</c>: the script runs here, its pipelines on the workers of <c>DISTRIBUTED_WORKERS</c>.</summary>
static class DistributedRun
{
    public static ScriptResult Run(SourceText script, ScriptInputs inputs, ScriptOptions options, ToolSettings settings, IShell? login, TextWriter error, CancellationToken ct)
    {
        if (settings.Backend == "MPI")
            throw new ScriptException(Diag.OptionNotSupportedYet.At(default, "--dist_backend=MPI with --cluster", "the workers of a deployed cluster are called with sync-gRPC or async-gRPC"));
        bool addressesGiven = !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("DISTRIBUTED_WORKERS"));
        // Named on the command line, or in the environment where no workers are.
        if ((settings.Cluster ?? (addressesGiven ? null : Environment.GetEnvironmentVariable("DAPHNE_CLUSTER"))) is { Length: > 0 } id)
            return RunAsync(DaphneCluster.AttachOver(login, id), script, inputs, options, settings, error, ct).GetAwaiter().GetResult();
        string[] addresses = (Environment.GetEnvironmentVariable("DISTRIBUTED_WORKERS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (addresses.Length == 0) throw new ScriptException(Diag.NoWorkers.At(default));
        foreach (string address in addresses)
            if (WorkerAddress.Problem(address) is { } problem) throw new ScriptException(Diag.BadWorkerAddress.At(default, address, problem));
        if (addresses.GroupBy(a => a, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { Key: var twice }) throw new ScriptException(Diag.WorkerTwice.At(default, twice));
        // The main thread waits: the tool has nothing else to do.
        return RunAsync(Attach(addresses, settings), script, inputs, options, settings, error, ct).GetAwaiter().GetResult();
    }

    static DaphneCluster Attach(string[] addresses, ToolSettings settings) => DaphneCluster.Attach(addresses, attach =>
    {
        attach.IdentityFile = settings.IdentityFile ?? (settings.TokenFile is null && Environment.GetEnvironmentVariable("DAPHNE_IDENTITY_FILE") is { Length: > 0 } file ? file : null);
        attach.TokenFile = settings.TokenFile;
        attach.AllowInsecure = settings.AllowInsecure;
        if (settings.MaxChunkBytes > 0) attach.ChunkBytes = settings.MaxChunkBytes;
    });

    static async Task<ScriptResult> RunAsync(DaphneCluster cluster, SourceText script, ScriptInputs inputs, ScriptOptions options, ToolSettings settings, TextWriter error, CancellationToken ct)
    {
        await using (cluster.ConfigureAwait(false))
        {
            try
            {
                await cluster.Deploy(ct: ct).ConfigureAwait(false);
            }
            catch (DeploymentException e)
            {
                throw new ScriptException((e.Reason == DeploymentFailure.NoSuchCluster ? Diag.NoSuchCluster : Diag.ClusterNotReached).At(default, e.Message), e);
            }
            catch (WorkerException e) when (e.Reason == WorkerFailure.Unreachable)
            {
                throw new ScriptException(Diag.WorkerNotThere.At(default, e.Worker.Address, e.Detail), e);
            }
            catch (WorkerException e)
            {
                throw new ScriptException(WorkerErrors.ToDiagnostic(e, default), e);
            }
            catch (RaisedException e)
            {
                throw e.At(default);
            }
            if (settings.Verbose) foreach (var worker in cluster.Workers) error.Write(RunNotes.Of(worker));
            return RunOn(cluster.DeployedWorkers, script, inputs, options, settings, error, ct, settings.Backend == "async-gRPC" ? DispatchMode.Asynchronous : DispatchMode.Synchronous);
        }
    }

    /// <summary>Runs the script on workers that are there.</summary>
    public static ScriptResult RunOn(WorkerSet workers, SourceText script, ScriptInputs inputs, ScriptOptions options, ToolSettings settings, TextWriter error, CancellationToken ct,
        DispatchMode mode = DispatchMode.Synchronous) => ScriptEngine.Run(script, inputs, options with
    {
        Backend = (engine, statistics) =>
        {
            if (settings.Explain.Contains(OptionTable.Distribution)) statistics.Decided += decision => RunNotes.Decision(decision, error);
            // Who says --distributed means it, as in the original: the rule is for those who ask for it.
            return new DistributedBackend(workers, new LocalPipelineBackend(engine, statistics), statistics)
            {
                Computing = settings.Threads > 0 ? new() { Threads = settings.Threads } : null, Mode = mode,
                Rule = settings.Rule is { } rule ? RuleSetting.Of(rule) : RuleSetting.Default(DistributionRule.Always), LocalThreads = engine.Threads,
            };
        },
    }, ct: ct);
}
