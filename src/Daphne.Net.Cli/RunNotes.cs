using System.Globalization;
using Daphne.Net.Compiler;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Runtime;

namespace Daphne.Net.Cli;

/// <summary>What <c>--explain</c>, <c>--statistics</c> and <c>--timing</c> write to the error stream.</summary>
static class RunNotes
{
    public static void Explain(ToolSettings settings, string stage, IrModule module, TextWriter error)
    {
        if (settings.Explain.Contains(stage)) error.Write($"IR after {stage}:\n{IrText.Print(module)}\n");
    }

    public static void Decision(PipelineDecision decision, TextWriter error) =>
        error.Write($"{decision.Span}: {decision.Operations}: {(decision.Distributed ? "on the workers" : "here")}: {decision.Why}\n");

    public static string Of(WorkerIdentity worker) => string.Create(CultureInfo.InvariantCulture,
        $"worker {worker.Address}{(worker.Foreign ? " (of the original)" : $", version {worker.Version}, process {worker.ProcessId}")}\n");

    public static void Statistics(RunStatistics statistics, TextWriter error)
    {
        if (statistics.Pipelines.Count == 0) error.Write("no pipelines were run; --vec and --distributed make some\n");
        foreach (var region in statistics.Regions)
            error.Write(string.Create(CultureInfo.InvariantCulture, $"region '{region.Name}': {region.Elapsed.TotalMilliseconds:0.000} ms, {region.Pipelines} {(region.Pipelines == 1 ? "pipeline" : "pipelines")}\n"));
        foreach (var run in statistics.Pipelines)
            error.Write(string.Create(CultureInfo.InvariantCulture,
                $"{run.Span}: {run.Operations}; {run.Rows} rows in {run.Tasks} {(run.Tasks == 1 ? "task" : "tasks")} on {run.Where}, {run.Elapsed.TotalMilliseconds:0.000} ms, sent {run.Traffic.Sent} B, received {run.Traffic.Received} B\n"));
        foreach (string note in statistics.Notes) error.Write($"note: {note}\n");
    }

    /// <exception cref="ScriptException">The file cannot be written.</exception>
    public static void Report(ToolSettings settings, RunReport report, FilePolicy files, TextWriter error)
    {
        if (settings.RunReport) error.Write(report.ToString());
        if (settings.RunReportFile is not { } path) return;
        try
        {
            File.WriteAllText(files.ForWriting(path), report.ToJson() + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ScriptException(Diag.ReportNotWritten.At(default, path, e.Message), e);
        }
    }

    // The keys are those of the original; start-up here is what the runtime and the command line took.
    public static void Times(long begin, StageTimes times, TextWriter error)
    {
        double total = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
        double start = total - (times.Parsing + times.Compilation + times.Execution).TotalSeconds;
        error.Write(string.Create(CultureInfo.InvariantCulture,
            $"{{\"startup_seconds\": {start:0.000000}, \"parsing_seconds\": {times.Parsing.TotalSeconds:0.000000}, \"compilation_seconds\": {times.Compilation.TotalSeconds:0.000000}, "
            + $"\"execution_seconds\": {times.Execution.TotalSeconds:0.000000}, \"total_seconds\": {total:0.000000}}}\n"));
    }
}
