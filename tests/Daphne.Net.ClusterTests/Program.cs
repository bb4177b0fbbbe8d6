using Daphne.Net.ClusterTests.Local;

// Signals, /proc, a package manager's Python.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

return args is [HostProgram.Name, .. var rest] ? await HostProgram.RunAsync(rest) : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
