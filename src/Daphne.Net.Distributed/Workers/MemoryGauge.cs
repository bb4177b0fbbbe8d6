using System.Diagnostics;
using System.Globalization;
using Daphne.Net.Data;
using Microsoft.Extensions.Logging;

namespace Daphne.Net.Distributed;

/// <summary>How full the memory is.</summary>
enum MemoryLevel
{
    /// <summary>Below 80 %.</summary>
    Easy,
    /// <summary>Work that would need more waits a moment.</summary>
    High,
    /// <summary>From 95 % on such work is refused: the system would end the process instead.</summary>
    Full,
}

/// <summary>
/// How much of the memory this worker may use it uses: its own process's share of the machine, or what its container or job uses of what that may. Looked at a few times per second
/// at most. Thread-safe.
/// </summary>
/// <param name="time">Between two looks, and while work waits.</param>
/// <param name="read">Bytes used and bytes there are.</param>
/// <param name="log">Hears of each change of level.</param>
sealed class MemoryGauge(TimeProvider time, Func<(long Used, long Total)> read, ILogger log)
{
    static readonly TimeSpan fresh = TimeSpan.FromMilliseconds(250), step = TimeSpan.FromMilliseconds(50);

    /// <summary>How long work waits for others to free memory. It is not refused then, unless the memory is full.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    readonly Lock gate = new();
    long looked = long.MinValue;
    (long Used, long Total) last;
    MemoryLevel level;

    /// <summary>The gauge of this process.</summary>
    public static MemoryGauge OfProcess(TimeProvider time, ILogger log) => new(time, ReadProcess, log);

    /// <summary>Bytes used and bytes there are, at the last look.</summary>
    public (long Used, long Total) Look()
    {
        lock (gate)
        {
            if (looked != long.MinValue && time.GetElapsedTime(looked) < fresh) return last;
            (looked, last) = (time.GetTimestamp(), read());
            var now = LevelOf(last);
            if (now != level) DistributedLog.MemoryLevelChanged(log, level, now, last.Used, last.Total);
            level = now;
            return last;
        }
    }

    public MemoryLevel Level => LevelOf(Look());

    /// <summary>Lets work in that needs memory: at once, or after a moment in which others may free some.</summary>
    /// <param name="others">True while others are at work; alone there is nothing to wait for.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="WorkerRefusal">The memory stays full.</exception>
    public async ValueTask AdmitAsync(Func<bool> others, CancellationToken ct)
    {
        if (Level == MemoryLevel.Easy) return;
        BufferPool.Shared.Trim();
        long began = time.GetTimestamp();
        while (Level != MemoryLevel.Easy && others() && time.GetElapsedTime(began) < LongestWait) await Task.Delay(step, time, ct).ConfigureAwait(false);
        if (Level == MemoryLevel.Full) throw new WorkerRefusal(WorkerFailure.Busy, $"its memory is full: {last.Used} of {last.Total} bytes are in use");
    }

    static MemoryLevel LevelOf((long Used, long Total) at) => at.Total <= 0 || at.Used < at.Total * 0.80 ? MemoryLevel.Easy : at.Used < at.Total * 0.95 ? MemoryLevel.High : MemoryLevel.Full;

    static (long, long) ReadProcess()
    {
        using var self = Process.GetCurrentProcess();
        var own = (Used: self.WorkingSet64, Total: GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        return ReadGroup() is { } group && (double)group.Used / group.Total > (double)own.Used / Math.Max(1, own.Total) ? group : own;
    }

    // Version 2 of control groups: the nearest one above us that has a limit. What the kernel may drop at any time does not count.
    static (long Used, long Total)? ReadGroup()
    {
        const string root = "/sys/fs/cgroup";
        try
        {
            string? own = File.Exists("/proc/self/cgroup") ? File.ReadLines("/proc/self/cgroup").FirstOrDefault(l => l.StartsWith("0::/", StringComparison.Ordinal))?[3..] : null;
            for (string? at = own; at is not null; at = Path.GetDirectoryName(at))
            {
                string folder = root + at.TrimEnd('/');
                if (!File.Exists(folder + "/memory.max") || !Number(File.ReadAllText(folder + "/memory.max"), out long most) || !Number(File.ReadAllText(folder + "/memory.current"), out long used)) continue;
                string? inactive = File.ReadLines(folder + "/memory.stat").FirstOrDefault(l => l.StartsWith("inactive_file ", StringComparison.Ordinal));
                return (used - (inactive is not null && Number(inactive[14..], out long idle) ? idle : 0), most);
            }
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        static bool Number(string text, out long number) => long.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
