namespace Daphne.Net.ClusterTests.Local;

/// <summary>An application with a local cluster, as a process of its own so that a test can kill it: prints the workers' process ids and waits.</summary>
static class HostProgram
{
    public const string Name = "cluster-host";

    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var cluster = await DaphneCluster.Local(int.Parse(arguments[0])).Deploy();
        Console.WriteLine(string.Join(' ', cluster.Workers.Select(w => w.ProcessId)));
        await Console.In.ReadLineAsync();
        return 0;
    }
}
