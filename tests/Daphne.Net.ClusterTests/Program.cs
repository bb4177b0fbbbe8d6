using Daphne.Net.ClusterTests.Chaos;
using Daphne.Net.ClusterTests.Deployed;
using Daphne.Net.ClusterTests.Local;
using Daphne.Net.ClusterTests.Mpi;

// Signals, /proc, a package manager's Python.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

return args switch
{
    [HostProgram.Name, .. var rest] => await HostProgram.RunAsync(rest),
    [CoordinatorProgram.Name, .. var rest] => await CoordinatorProgram.RunAsync(rest),
    [ContractProgram.Name, .. var rest] => await ContractProgram.RunAsync(rest),
    [MalformedProgram.Name, var how] => await MalformedProgram.RunAsync(how),
    [ChainProgram.Name] => await ChainProgram.RunAsync(),
    [SlurmHost.Name, .. var rest] => await SlurmHost.RunAsync(rest),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
