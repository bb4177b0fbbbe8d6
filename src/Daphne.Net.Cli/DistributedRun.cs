using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;

namespace Daphne.Net.Cli;

/// <summary><c>daphne --distributed</c>: the script runs here, its pipelines on the workers of <c>DISTRIBUTED_WORKERS</c>.</summary>
static class DistributedRun
{
    public static ScriptResult Run(SourceText script, ScriptInputs inputs, ScriptOptions options, ToolSettings settings, TextWriter error, CancellationToken ct)
    {
        if (settings.Backend is not (null or "sync-gRPC"))
            throw new ScriptException(Diag.OptionNotSupportedYet.At(default, $"--dist_backend={settings.Backend}", "backends of this version are sync-gRPC and MPI"));
        string[] addresses = (Environment.GetEnvironmentVariable("DISTRIBUTED_WORKERS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (addresses.Length == 0) throw new ScriptException(Diag.NoWorkers.At(default));
        foreach (string address in addresses)
            if (WorkerAddress.Problem(address) is { } problem) throw new ScriptException(Diag.BadWorkerAddress.At(default, address, problem));
        if (addresses.GroupBy(a => a, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { Key: var twice }) throw new ScriptException(Diag.WorkerTwice.At(default, twice));
        // The main thread waits: the tool has nothing else to do.
        return RunAsync(addresses, script, inputs, options, settings, error, ct).GetAwaiter().GetResult();
    }

    static async Task<ScriptResult> RunAsync(string[] addresses, SourceText script, ScriptInputs inputs, ScriptOptions options, ToolSettings settings, TextWriter error, CancellationToken ct)
    {
        var cluster = DaphneCluster.Attach(addresses, attach =>
        {
            attach.IdentityFile = settings.IdentityFile;
            attach.TokenFile = settings.TokenFile;
            attach.AllowInsecure = settings.AllowInsecure;
            if (settings.MaxChunkBytes > 0) attach.ChunkBytes = settings.MaxChunkBytes;
        });
        await using (cluster.ConfigureAwait(false))
        {
            try
            {
                await cluster.Deploy(ct: ct).ConfigureAwait(false);
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
            return RunOn(cluster.DeployedWorkers, script, inputs, options, ct);
        }
    }

    /// <summary>Runs the script on workers that are there.</summary>
    public static ScriptResult RunOn(WorkerSet workers, SourceText script, ScriptInputs inputs, ScriptOptions options, CancellationToken ct) => ScriptEngine.Run(script, inputs, options with
    {
        Backend = (engine, statistics) => new DistributedBackend(workers, new LocalPipelineBackend(engine, statistics), statistics),
    }, ct: ct);
}
