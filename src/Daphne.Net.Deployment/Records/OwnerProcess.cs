using System.Diagnostics;
using System.Globalization;

namespace Daphne.Net.Deployment;

/// <summary>
/// The process whose end is the cluster's end: the one that deploys it, and after that the one that disposes it. Numbers of processes are given out again:
/// with the time it started and the machine's boot it is this one and no other.
/// </summary>
/// <param name="Host">Its machine; records may lie on a home that several machines share.</param>
/// <param name="ProcessId">Its number there.</param>
/// <param name="Started">When it started: clock ticks since the boot; where there is no <c>/proc</c>, ticks of the clock.</param>
/// <param name="BootId">Which boot of the machine; empty where it does not say.</param>
public sealed record OwnerProcess(string Host, int ProcessId, long Started, string BootId)
{
    const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>This process.</summary>
    public static OwnerProcess Current { get; } = new(Environment.MachineName, Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0, Boot());

    /// <summary>True while it runs, false once it is gone; null on another machine, which cannot know.</summary>
    public bool? Lives() => Host != Environment.MachineName ? null : BootId == Boot() && StartOf(ProcessId) == Started;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"process {ProcessId} on {Host}");

    static string Boot() => File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "";

    // Null where it is gone; a zombie is.
    static long? StartOf(int process)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                using var found = Process.GetProcessById(process);
                return found.StartTime.ToUniversalTime().Ticks;
            }
            // "pid (name) state ...": the name may hold blanks and parentheses.
            string status = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            string[] fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
