using System.Diagnostics;

namespace Daphne.Net.ClusterTests.Processes;

/// <summary>What a run of the tool left: its exit status and its two streams.</summary>
record ToolResult(int Status, string Output, string Error);

/// <summary>The <c>daphne</c> tool of this build, started as a user starts it.</summary>
static class Tool
{
    // artifacts/bin/<project>/<configuration>
    public static readonly string Program = Path.Combine(Repository.Root, "artifacts", "bin", "Daphne.Net.Cli", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "daphne");

    /// <summary>Runs it to its end.</summary>
    public static Task<ToolResult> RunAsync(Scratch folder, params string[] arguments) => RunAsync(folder, [], arguments);

    public static async Task<ToolResult> RunAsync(Scratch folder, Dictionary<string, string> environment, params string[] arguments)
    {
        using var tool = Start(folder, environment, Program, arguments);
        return await tool.EndAsync();
    }

    public static RunningTool Start(Scratch folder, params string[] arguments) => Start(folder, [], Program, arguments);

    public static RunningTool Start(Scratch folder, Dictionary<string, string> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder.Root, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["XDG_STATE_HOME"] = folder.State;
        start.Environment.Remove("DISTRIBUTED_WORKERS");
        start.Environment.Remove("DAPHNE_DEBUG");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new(Process.Start(start)!);
    }
}

/// <summary>The tool while it runs; disposing kills it.</summary>
sealed class RunningTool(Process process) : IDisposable
{
    readonly CancellationTokenSource deadline = new(Patience.Most);

    /// <summary>It does more than one thing, so it may take longer.</summary>
    public void Allow(TimeSpan time) => deadline.CancelAfter(time);

    public int Id => process.Id;

    public async Task<string> LineAsync() => await process.StandardOutput.ReadLineAsync(deadline.Token) ?? throw new InvalidOperationException("it ended: " + await process.StandardError.ReadToEndAsync(deadline.Token));

    public async Task<string> ErrorLineAsync() => await process.StandardError.ReadLineAsync(deadline.Token) ?? throw new InvalidOperationException("it ended");

    /// <summary>Gives it a line of input; more may follow.</summary>
    public async Task SayAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line.AsMemory(), deadline.Token);
        await process.StandardInput.FlushAsync(deadline.Token);
    }

    /// <summary>Gives it all its input.</summary>
    public async Task WriteAsync(string input)
    {
        await process.StandardInput.WriteAsync(input.AsMemory(), deadline.Token);
        process.StandardInput.Close();
    }

    /// <summary>Nobody reads its output any more.</summary>
    public void StopReading() => process.StandardOutput.Close();

    public async Task<ToolResult> EndAsync(bool withOutput = true)
    {
        var output = withOutput ? process.StandardOutput.ReadToEndAsync(deadline.Token) : Task.FromResult("");
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return new(process.ExitCode, await output, await error);
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.Dispose();
        deadline.Dispose();
    }
}
