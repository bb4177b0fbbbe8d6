using System.Globalization;
using Daphne.Net.ClusterTests.Processes;

namespace Daphne.Net.ClusterTests.Mpi;

/// <summary>The <c>mpirun</c> of either make, by the names Debian gives them; both are on the machine (<c>tests/cluster/install.sh mpi</c>).</summary>
static class Launcher
{
    public const string OpenMpi = "mpirun.openmpi", Mpich = "mpirun.mpich";

    /// <summary>What the library of a launcher calls itself.</summary>
    public static string Library(string launcher) => launcher == OpenMpi ? "Open MPI v" : "MPICH Version:";

    public static RunningTool Start(Scratch folder, string launcher, int ranks, params string[] command) => Start(folder, launcher, ranks, [], command);

    public static RunningTool Start(Scratch folder, string launcher, int ranks, Dictionary<string, string> environment, params string[] command)
    {
        // More ranks than cores, and as root: a CI machine.
        string[] consent = launcher == OpenMpi ? ["--allow-run-as-root", "--oversubscribe"] : [];
        return Tool.Start(folder, environment, launcher, [.. consent, "-np", ranks.ToString(CultureInfo.InvariantCulture), .. command]);
    }

    /// <summary>Runs the tool on ranks, to its end.</summary>
    public static Task<ToolResult> RunAsync(Scratch folder, string launcher, int ranks, params string[] arguments) => RunProgramAsync(folder, launcher, ranks, Tool.Program, arguments);

    /// <summary>Runs a program on ranks, to its end.</summary>
    public static async Task<ToolResult> RunProgramAsync(Scratch folder, string launcher, int ranks, string program, params string[] arguments)
    {
        // Open MPI's launcher gives ranks a terminal as their output, to which .NET writes more than text.
        using var job = Start(folder, launcher, ranks, new Dictionary<string, string> { ["TERM"] = "dumb" }, [program, .. arguments]);
        job.Allow(Patience.Most * 3);
        return await job.EndAsync();
    }
}
