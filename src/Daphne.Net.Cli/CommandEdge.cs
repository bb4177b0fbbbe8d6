using Daphne.Net.Deployment;
using Daphne.Net.Dialect;

namespace Daphne.Net.Cli;

/// <summary>The outer edge of the commands that deploy: what fails becomes words and an exit status, and Ctrl-C ends it.</summary>
static class CommandEdge
{
    /// <returns>What the command returned; 1 where the command line is wrong or there is no such cluster, 3 where a machine does not do as it should.</returns>
    public static int Run(TextWriter output, TextWriter error, Func<CancellationToken, int> command)
    {
        using var signals = new StopSignals();
        try
        {
            return command(signals.Token);
        }
        catch (ScriptException e)
        {
            error.Write(e.Message);
            return (int)e.Stage;
        }
        catch (DeploymentException e)
        {
            error.Write($"error: {e.Message}\n");
            return e.Reason is DeploymentFailure.NoSuchCluster or DeploymentFailure.BadOption or DeploymentFailure.BadHost ? (int)Stage.Parse : (int)Stage.Execute;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            error.Write("stopped\n");
            return signals.ExitStatus;
        }
        finally
        {
            output.Flush();
        }
    }
}
