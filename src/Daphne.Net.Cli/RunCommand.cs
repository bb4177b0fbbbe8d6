using Daphne.Net.Deployment;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Language;
using Daphne.Net.Runtime;

namespace Daphne.Net.Cli;

/// <summary>What a process has already when it runs a script on workers.</summary>
/// <param name="Workers">Workers that are greeted; null: they are those the command line or the environment names.</param>
/// <param name="Login">The connection to where the cluster's job was submitted; null: it is made, and closed after the script.</param>
sealed record GivenWorkers(WorkerSet? Workers = null, IShell? Login = null);

/// <summary><c>daphne [options] script [name=value ...]</c>.</summary>
static class RunCommand
{
    // What shells show for a process that SIGPIPE has ended.
    const int ReaderGone = 141;

    /// <param name="args">The command line.</param>
    /// <param name="output">Gets what the script prints.</param>
    /// <param name="error">Gets what is wrong.</param>
    /// <param name="files">What relative paths are relative to. Default: the current directory.</param>
    /// <param name="given">What this process has already for a script that says <c>--distributed</c>.</param>
    /// <returns>The exit status: 0, the number of the stage that failed, 4 for a fault of ours, or 128 and the signal that stopped the script.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, FilePolicy? files = null, GivenWorkers? given = null)
    {
        try
        {
            int status = RunGuarded(args, output, error, files ?? FilePolicy.CurrentDirectory, given);
            output.Flush();
            return status;
        }
        catch (OutputException e) when (e.Closed)
        {
            return ReaderGone;
        }
        catch (OutputException e)
        {
            error.Write(Diag.OutputFailed.At(default, e.Message));
            return (int)Diag.OutputFailed.Stage;
        }
        catch (Exception e)   // the edge of the process
        {
            return ProcessEdge.Report(e, error);
        }
    }

    static int RunGuarded(string[] args, TextWriter output, TextWriter error, FilePolicy files, GivenWorkers? given)
    {
        using var signals = new StopSignals();
        try
        {
            var settings = OptionParser.Parse(args);
            if (given is null && MpiRun.IsMeant(settings)) return MpiRun.Run(() => Configured(settings, args, files, error), error, signals.Token, (configured, workers, ct) => RunScript(configured, files, output, error, ct, new(Workers: workers)));
            if (settings.Help) output.Write(HelpText.Render());
            else if (settings.Version) output.Write($"daphne {typeof(RunCommand).Assembly.GetName().Version!.ToString(3)}\n");
            else RunScript(Configured(settings, args, files, error), files, output, error, signals.Token, given);
            return 0;
        }
        catch (ScriptException e) when (e.Diagnostics is [{ Def: var def } stopped] && def == Diag.Stopped)
        {
            // Asked for by the script: the original logs it to standard output.
            output.Write($"[error]: Execution error: {stopped.Message}\n");
            return (int)e.Stage;
        }
        catch (ScriptException) when (MpiRun.LeavesErrorsToRank0(args))
        {
            return 0;
        }
        catch (ScriptException e)
        {
            output.Flush();
            error.Write(e.Message);
            return (int)e.Stage;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            output.Flush();
            error.Write("stopped\n");
            return signals.ExitStatus;
        }
    }

    // The command line is read again over what the file says.
    static ToolSettings Configured(ToolSettings settings, string[] args, FilePolicy files, TextWriter error)
    {
        if (settings.Config is null) return settings;
        var configured = new ToolSettings();
        ConfigFile.Apply(settings.Config, files, configured, error);
        return OptionParser.Parse(args, configured);
    }

    static void RunScript(ToolSettings settings, FilePolicy files, TextWriter output, TextWriter error, CancellationToken ct, GivenWorkers? given = null)
    {
        if (!settings.Distributed && settings.Explain.Contains(OptionTable.Distribution)) settings.WithoutEffect.Add($"--explain={OptionTable.Distribution}");
        if (settings.Verbose && settings.WithoutEffect.Count > 0) error.Write($"accepted without effect: {string.Join(", ", settings.WithoutEffect)}\n");
        long begin = TimeProvider.System.GetTimestamp();
        var inputs = new ScriptInputs();
        foreach (var (name, text) in settings.Arguments) inputs.AddLiteral(name, text);
        var script = ScriptFile.Read(files.ForReading(settings.Script!), settings.Script);
        var options = new ScriptOptions
        {
            Files = files, ScriptPath = files.ForReading(settings.Script!), ImportPaths = settings.ImportPaths, SparsityThreshold = settings.SparsityThreshold,
            Output = output, Error = error, Vectorize = settings.Vectorize || settings.Distributed, Distributed = settings.Distributed,
            PropagateAcrossCalls = settings.PropagateConstants, SelectRepresentations = settings.SelectRepresentations,
            Explain = settings.Explain.Count == 0 ? null : (stage, module) => RunNotes.Explain(settings, stage, module, error),
        };
        var result = given?.Workers is { } workers ? DistributedRun.RunOn(workers, script, inputs, options, settings, error, ct)
            : settings.Distributed ? DistributedRun.Run(script, inputs, options, settings, given?.Login, error, ct)
            : settings.Threads > 0 ? RunWith(new TaskEngine(settings.Threads), script, inputs, options, ct)
            : ScriptEngine.Run(script, inputs, options, ct: ct);
        output.Flush();
        if (settings.RunReport || settings.RunReportFile is not null) RunNotes.Report(settings, RunReport.Of(TimeProvider.System.GetElapsedTime(begin), result.Statistics), files, error);
        if (settings.Statistics) RunNotes.Statistics(result.Statistics, error);
        if (settings.Timing) RunNotes.Times(begin, result.Times, error);
    }

    static ScriptResult RunWith(TaskEngine engine, SourceText script, ScriptInputs inputs, ScriptOptions options, CancellationToken ct)
    {
        using (engine) return ScriptEngine.Run(script, inputs, options, engine, ct);
    }
}
