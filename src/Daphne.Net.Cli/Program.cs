namespace Daphne.Net.Cli;

/// <summary>The <c>daphne</c> tool.</summary>
static class Program
{
    static async Task<int> Main(string[] args)
    {
        ProcessEdge.Watch(StandardStreams.Error);
        return args is ["worker", .. var rest] ? await WorkerCommand.RunAsync(rest) : RunCommand.Run(args, StandardStreams.Output, StandardStreams.Error);
    }
}
