using Daphne.Net;

return await WorkerCommand.RunAsync(args);
