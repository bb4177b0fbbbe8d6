using System.Globalization;
using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;

namespace Daphne.Net.Cli;

/// <summary><c>daphne [options] script [name=value ...]</c>.</summary>
static class RunCommand
{
    /// <returns>The exit status: 0, or the number of the stage that failed.</returns>
    public static int Run(string[] args)
    {
        var output = StandardStreams.Output;
        var error = StandardStreams.Error;
        try
        {
            var settings = OptionParser.Parse(args);
            if (settings.Help) output.Write(HelpText.Render());
            else if (settings.Version) output.Write($"daphne {typeof(RunCommand).Assembly.GetName().Version!.ToString(3)}\n");
            else RunScript(settings, output, error);
            return 0;
        }
        catch (ScriptException e) when (e.Diagnostics is [{ Def: var def } stopped] && def == Diag.Stopped)
        {
            // Asked for by the script: the original logs it to standard output.
            output.Write($"[error]: Execution error: {stopped.Message}\n");
            return (int)e.Stage;
        }
        catch (ScriptException e)
        {
            output.Flush();
            error.Write(e.Message);
            return (int)e.Stage;
        }
        catch (OperationCanceledException)
        {
            output.Flush();
            error.Write("cancelled\n");
            return 130;
        }
        finally
        {
            output.Flush();
        }
    }

    static void RunScript(ToolSettings settings, TextWriter output, TextWriter error)
    {
        if (settings.Verbose && settings.WithoutEffect.Count > 0) error.Write($"accepted without effect: {string.Join(", ", settings.WithoutEffect)}\n");
        long begin = TimeProvider.System.GetTimestamp();
        var inputs = new ScriptInputs();
        foreach (var (name, text) in settings.Arguments) inputs.AddLiteral(name, text);
        var script = new SourceText(Read(settings.Script!), settings.Script!);
        var options = new ScriptOptions
        {
            Output = output, Error = error, Vectorize = settings.Vectorize || settings.Distributed, Distributed = settings.Distributed,
            PropagateAcrossCalls = settings.PropagateConstants,
            Explain = settings.Explain.Count == 0 ? null : (stage, module) => Explain(settings, stage, module, error),
        };

        // One Ctrl-C stops the script (and the work on workers), a second one the process.
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) => e.Cancel = !stop.IsCancellationRequested && Cancel(stop);

        var result = settings.Distributed ? DistributedRun.Run(script, inputs, options, settings, error, stop.Token)
            : settings.Threads > 0 ? RunWith(new TaskEngine(settings.Threads), script, inputs, options, stop.Token)
            : ScriptEngine.Run(script, inputs, options, ct: stop.Token);
        if (settings.Statistics) WriteStatistics(result.Statistics, error);
        if (settings.Timing) WriteTimes(begin, result.Times, error);
    }

    static bool Cancel(CancellationTokenSource stop)
    {
        stop.Cancel();
        return true;
    }

    static ScriptResult RunWith(TaskEngine engine, SourceText script, ScriptInputs inputs, ScriptOptions options, CancellationToken ct)
    {
        using (engine) return ScriptEngine.Run(script, inputs, options, engine, ct);
    }

    static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ScriptException(Diag.CannotReadScript.At(default, path, e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message));
        }
    }

    static void Explain(ToolSettings settings, string stage, IrModule module, TextWriter error)
    {
        if (settings.Explain.Contains(stage)) error.Write($"IR after {stage}:\n{IrText.Print(module)}\n");
    }

    static void WriteStatistics(RunStatistics statistics, TextWriter error)
    {
        foreach (var run in statistics.Pipelines)
            error.Write(string.Create(CultureInfo.InvariantCulture,
                $"{run.Span}: {run.Operations}; {run.Rows} rows in {run.Tasks} tasks on {run.Where}, {run.Elapsed.TotalMilliseconds:0.000} ms, sent {run.Traffic.Sent} B, received {run.Traffic.Received} B\n"));
    }

    // The keys are those of the original; start-up here is what the runtime and the command line took.
    static void WriteTimes(long begin, StageTimes times, TextWriter error)
    {
        double total = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
        double start = total - (times.Parsing + times.Compilation + times.Execution).TotalSeconds;
        error.Write(string.Create(CultureInfo.InvariantCulture,
            $"{{\"startup_seconds\": {start:0.000000}, \"parsing_seconds\": {times.Parsing.TotalSeconds:0.000000}, \"compilation_seconds\": {times.Compilation.TotalSeconds:0.000000}, "
            + $"\"execution_seconds\": {times.Execution.TotalSeconds:0.000000}, \"total_seconds\": {total:0.000000}}}\n"));
    }
}
