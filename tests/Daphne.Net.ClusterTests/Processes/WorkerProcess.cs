namespace Daphne.Net.ClusterTests.Processes;

/// <summary>A worker as a user starts it: <c>daphne worker 127.0.0.1:0</c>.</summary>
sealed class WorkerProcess : IDisposable
{
    readonly RunningTool tool;

    WorkerProcess(RunningTool tool, string address) => (this.tool, Address) = (tool, address);

    public string Address { get; }

    public int Id => tool.Id;

    public static async Task<WorkerProcess> StartAsync(Scratch folder, params string[] options)
    {
        var tool = Tool.Start(folder, ["worker", "127.0.0.1:0", .. options]);
        string line = await tool.LineAsync();
        Assert.Matches(@"^Started Distributed Worker on 127\.0\.0\.1:\d+$", line);
        return new(tool, line[(line.LastIndexOf(' ') + 1)..]);
    }

    public async Task<ToolResult> StopAsync(int signal)
    {
        Signal.Send(Id, signal);
        return await tool.EndAsync();
    }

    public void Dispose() => tool.Dispose();
}
