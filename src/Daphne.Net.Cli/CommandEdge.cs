using Daphne.Net.Deployment;
using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary>The outer edge of the commands that deploy: what fails becomes words and an exit status, and Ctrl-C ends it.</summary>
static class CommandEdge
{
    /// <param name="command">As written: <c>slurm</c>.</param>
    /// <param name="words">The words behind it: whether <c>--json</c> is among them decides how it speaks, also of what is wrong with them.</param>
    /// <param name="output">Gets results.</param>
    /// <param name="error">Gets steps, and what is wrong.</param>
    /// <param name="run">The command.</param>
    /// <param name="stops">False where signals are for the program that the command runs.</param>
    /// <returns>What the command returned; 1 where the command line is wrong or there is no such cluster, 3 where a machine does not do as it should.</returns>
    public static int Run(string command, IReadOnlyList<string> words, TextWriter output, TextWriter error, Func<DeployReport, CancellationToken, int> run, bool stops = true)
    {
        using var signals = stops ? new StopSignals() : null;
        var report = new DeployReport(command, output, error, words.Contains("--json"));
        int status;
        try
        {
            status = run(report, signals?.Token ?? CancellationToken.None);
        }
        catch (ScriptException e)
        {
            report.Failed(e.Message, e.Diagnostics[0].Def.Code, status = (int)e.Stage);
        }
        catch (DeploymentException e)
        {
            status = (int)(e.Reason is DeploymentFailure.NoSuchCluster or DeploymentFailure.BadOption or DeploymentFailure.BadHost ? Stage.Parse : Stage.Execute);
            report.Failed(e.Message, System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(e.Reason.ToString()), status);
        }
        catch (OperationCanceledException) when (signals is { Token.IsCancellationRequested: true })
        {
            report.Failed("stopped", "stopped", status = signals.ExitStatus);
        }
        report.Output.Flush();
        report.Error.Flush();
        output.Flush();
        return status;
    }
}
