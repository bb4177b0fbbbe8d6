using System.Globalization;

namespace Daphne.Net.Deployment;

/// <summary>
/// A process on another machine that outlives the connection that started it. Numbers of processes are given out again: with the time it started and
/// the machine's boot it is this one and no other.
/// </summary>
/// <param name="ProcessId">Its number, which is also that of its session.</param>
/// <param name="StartTicks">When it started, in clock ticks since the machine's boot.</param>
/// <param name="BootId">Which boot of the machine.</param>
public sealed record DetachedProcess(int ProcessId, long StartTicks, string BootId)
{
    const string StartOf = "start_of() { sed 's/.*) //' \"/proc/$1/stat\" 2>/dev/null | cut -d' ' -f20; }";
    const string Boot = "/proc/sys/kernel/random/boot_id";
    // In the folder, for those who come after a start that was cut short.
    const string Started = "processes";

    // True in the shell if the process is there, is the one that was meant, and has not ended (a zombie has).
    string Lives => $"{StartOf}\nlives() {{ [ \"$(cat {Boot})\" = {ShellQuote.Word(BootId)} ] && [ \"$(start_of {Id})\" = {StartTicks.ToString(CultureInfo.InvariantCulture)} ] && ! grep -q ') Z ' /proc/{Id}/stat; }}";

    string Id => ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <summary>Starts programs in sessions of their own, each with its output in a file.</summary>
    /// <param name="shell">The machine.</param>
    /// <param name="folder">Where they run; <paramref name="commands"/> name files relative to it.</param>
    /// <param name="commands">Words of a command, and the name of its log.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<DetachedProcess[]> StartAsync(IShell shell, string folder, IReadOnlyList<(IReadOnlyList<string> Words, string Log)> commands, CancellationToken ct)
    {
        var script = new System.Text.StringBuilder($"umask 077; cd {ShellQuote.Word(folder)} || exit 1\n{StartOf}\n");
        foreach (var (words, log) in commands)
            script.Append($"setsid {string.Join(' ', words.Select(ShellQuote.Word))} </dev/null >{ShellQuote.Word(log)} 2>&1 &\necho \"$! $(start_of $!) $(cat {Boot})\" | tee -a {Started}\n");
        string said = (await shell.RunAsync(new(script.ToString()), ct).ConfigureAwait(false)).Demand("starting workers", shell.Name);
        return [.. said.Split('\n').Select(line => Parse(line) ?? throw new DeploymentException(DeploymentFailure.StartFailed, $"a worker on {shell.Name} ended as it was started ('{line}')"))];
    }

    /// <summary>The processes that were started in a folder, wherever their start was cut short.</summary>
    public static async Task<DetachedProcess[]> FindAsync(IShell shell, string folder, CancellationToken ct) =>
        [.. (await shell.RunAsync(new($"cat {ShellQuote.Word($"{folder}/{Started}")} 2>/dev/null || true"), ct).ConfigureAwait(false)).Demand("looking for workers", shell.Name).Split('\n').Select(Parse).OfType<DetachedProcess>()];

    /// <summary>True if it runs.</summary>
    public async Task<bool> LivesAsync(IShell shell, CancellationToken ct) =>
        (await shell.RunAsync(new($"{Lives}\nlives && echo yes || true"), ct).ConfigureAwait(false)).Demand("looking for a worker", shell.Name) == "yes";

    /// <summary>Tells it to end, and ends it if it does not within <paramref name="patience"/>. One that is gone, or is another process by now, is left alone.</summary>
    public async Task StopAsync(IShell shell, TimeSpan patience, CancellationToken ct)
    {
        string tenths = ((int)(patience.TotalSeconds * 10)).ToString(CultureInfo.InvariantCulture);
        var stop = new ShellCommand($$"""
            {{Lives}}
            lives || exit 0
            kill -TERM -{{Id}} 2>/dev/null
            i=0; while lives && [ $i -lt {{tenths}} ]; do sleep 0.1; i=$((i + 1)); done
            lives || exit 0
            kill -KILL -{{Id}} 2>/dev/null
            i=0; while lives && [ $i -lt 50 ]; do sleep 0.1; i=$((i + 1)); done
            ! lives
            """) { Timeout = patience + TimeSpan.FromSeconds(30) };
        (await shell.RunAsync(stop, ct).ConfigureAwait(false)).Demand($"stopping process {Id}", shell.Name);
    }

    static DetachedProcess? Parse(string line) =>
        line.Split(' ') is [var id, var ticks, var boot] && int.TryParse(id, CultureInfo.InvariantCulture, out int number) && long.TryParse(ticks, CultureInfo.InvariantCulture, out long start)
            ? new(number, start, boot) : null;
}
