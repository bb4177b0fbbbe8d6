using Daphne.Net;
using Daphne.Net.Cli;

ProcessEdge.Watch(StandardStreams.Error);
return args is ["worker", .. var rest] ? await WorkerCommand.RunAsync(rest) : RunCommand.Run(args, StandardStreams.Output, StandardStreams.Error);
