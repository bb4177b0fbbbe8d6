using Daphne.Net.Runtime;

namespace Daphne.Net.Cli;

/// <summary>The <c>daphne</c> tool.</summary>
static class Program
{
    // Not async: the machinery would be compiled before every script.
    static int Main(string[] args)
    {
        if (args is [not "worker", ..] && !args[^1].StartsWith('-')) WarmUp.Start();
        ProcessEdge.Watch(StandardStreams.Error);
        return args is ["worker", .. var rest] ? WorkerCommand.RunAsync(rest).GetAwaiter().GetResult() : RunCommand.Run(args, StandardStreams.Output, StandardStreams.Error);
    }
}
