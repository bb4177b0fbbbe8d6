using Daphne.Net.Runtime;

namespace Daphne.Net.Cli;

/// <summary>The <c>daphne</c> tool.</summary>
static class Program
{
    // Not async: the machinery would be compiled before every script.
    static int Main(string[] args)
    {
        if (args is [not ("worker" or "builtins" or "bundle" or "clusters" or "slurm" or "ssh"), ..] && !args[^1].StartsWith('-')) WarmUp.Start();
        ProcessEdge.Watch(StandardStreams.Error);
        return args switch
        {
            ["worker", .. var rest] => WorkerCommand.RunAsync(rest).GetAwaiter().GetResult(),
            ["clusters", .. var rest] => ClustersCommand.Run(rest, StandardStreams.Output, StandardStreams.Error),
            ["slurm", .. var rest] => SlurmCommand.Run(rest, StandardStreams.Output, StandardStreams.Error),
            ["ssh", .. var rest] => SshCommand.Run(rest, StandardStreams.Output, StandardStreams.Error),
            ["bundle", .. var rest] => BundleCommand.Run(rest, StandardStreams.Output, StandardStreams.Error),
            ["builtins", .. var rest] => BuiltinsCommand.Run(rest, StandardStreams.Output, StandardStreams.Error),
            _ => RunCommand.Run(args, StandardStreams.Output, StandardStreams.Error),
        };
    }
}
