using Daphne.Net.ClusterTests.Local;

return args is [HostProgram.Name, .. var rest] ? await HostProgram.RunAsync(rest) : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
