using System.Diagnostics;
using System.Text;
using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;

namespace Daphne.Net;

/// <summary>Runs one script to its end, on threads of its own, for a session or a cluster.</summary>
static class ScriptRunner
{
    /// <summary>In this process.</summary>
    public static Task<DaphneRun> RunAsync(string script, HostArguments arguments, RunOptions options, DaphneOptions session, TaskEngine engine, CancellationToken ct) =>
        StartAsync(script, arguments, options, new()
        {
            Vectorize = session.Vectorize, SelectRepresentations = session.SelectRepresentations,
            Backend = (threads, statistics) => Observed(options, statistics, new LocalPipelineBackend(threads, statistics)),
        }, engine, ct);

    /// <summary>On workers.</summary>
    public static Task<DaphneRun> RunAsync(string script, HostArguments arguments, RunOptions options, WorkerSet workers, CancellationToken ct)
    {
        int width = arguments.Width();
        return StartAsync(script, arguments, options, new()
        {
            Vectorize = true, Distributed = true,
            Backend = (threads, statistics) => Observed(options, statistics,
                new DistributedBackend(workers, new LocalPipelineBackend(threads, statistics), statistics)
                {
                    ComputeTimeout = options.ComputeTimeout, Computing = options.WorkerThreads > 0 ? new() { Threads = options.WorkerThreads } : null,
                    Mode = options.Dispatch, Rule = options.Rule ?? RuleSetting.Default(DistributionRule.WhenItPays), LocalThreads = threads.Threads, LeastWidth = width,
                }),
        }, TaskEngine.Shared, ct);
    }

    static IPipelineBackend Observed(RunOptions options, RunStatistics statistics, IPipelineBackend backend)
    {
        statistics.Ended += run =>
        {
            if (run.Recorded is null) Telemetry.RanHere(run, TimeProvider.System);
        };
        if (options.Progress is { } progress) statistics.Ended += run => progress.Report(PipelineReport.Of(run));
        return backend;
    }

    // The engine blocks the thread it is called on, for as long as the script runs: not one of the pool's.
    static Task<DaphneRun> StartAsync(string script, HostArguments arguments, RunOptions options, ScriptOptions engineOptions, TaskEngine engine, CancellationToken ct)
    {
        var done = new TaskCompletionSource<DaphneRun>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                done.SetResult(Run(script, arguments, options, engineOptions, engine, ct));
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                done.SetCanceled(ct);
            }
            catch (Exception e)
            {
                done.SetException(e);   // the edge of the thread: whoever awaits the run gets it
            }
        }) { IsBackground = true, Name = "daphne run" }.Start();
        return done.Task;
    }

    static DaphneRun Run(string script, HostArguments arguments, RunOptions options, ScriptOptions engineOptions, TaskEngine engine, CancellationToken ct)
    {
        using (arguments)
        {
            var clock = Stopwatch.StartNew();
            var printed = new StringWriter(new StringBuilder());
            TextWriter output = options.Output is null ? printed : new TeeWriter(printed, options.Output);
            using var activity = Telemetry.BeginRun(options.ScriptName ?? "<script>");
            var inputs = new ScriptInputs();
            foreach (var (name, value) in arguments.Values) inputs.Add(name, value);
            var result = ScriptEngine.Run(new SourceText(script, options.ScriptName ?? "<script>"), inputs, engineOptions with
            {
                Outputs = options.Outputs?.ToHashSet(StringComparer.Ordinal),
                Output = output,
                Error = options.Error ?? TextWriter.Null,
                Files = FilePolicy.CurrentDirectory with { BaseDirectory = options.ScriptDirectory, ImportFolders = options.ImportFolders },
                ScriptPath = options.ScriptPath,
                ImportPaths = options.ImportPaths is null ? ImportPaths.None : ImportPaths.From(options.ImportPaths),
            }, engine, ct);
            var elapsed = clock.Elapsed;
            return new(printed.ToString(), result.Outputs, () => RunReport.Of(elapsed, result.Statistics));
        }
    }
}
