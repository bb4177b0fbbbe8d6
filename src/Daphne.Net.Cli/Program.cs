using Daphne.Net;
using Daphne.Net.Cli;

return args is ["worker", .. var rest] ? await WorkerCommand.RunAsync(rest) : RunCommand.Run(args);
