using System.ComponentModel;
using System.Diagnostics;

namespace Daphne.Net.Distributed;

/// <summary>Knows whether a process lives: by number and start time, because numbers are used again.</summary>
sealed class ParentWatch
{
    readonly int processId;
    readonly DateTime? started;

    public ParentWatch(int processId)
    {
        this.processId = processId;
        // One that began after us is another process that got the number of our parent.
        using var self = Process.GetCurrentProcess();
        started = StartTime() is { } start && start <= self.StartTime ? start : null;
    }

    /// <summary>False from the moment it is gone.</summary>
    public bool Lives => started is not null && StartTime() == started;

    DateTime? StartTime()
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.StartTime;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;   // no such process, or it is just ending
        }
    }
}
