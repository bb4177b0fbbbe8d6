using System.Runtime.InteropServices;

namespace Daphne.Net.ClusterTests.Processes;

/// <summary>Signals to processes that a test started.</summary>
static partial class Signal
{
    public const int Int = 2, Kill = 9, Term = 15, Continue = 18, Stop = 19;

    public static void Send(int process, int signal) => Assert.True(SendSignal(process, signal) == 0, $"signal {signal} to process {process}: {Marshal.GetLastPInvokeErrorMessage()}");

    /// <summary>False once the process is gone, or has ended and only waits to be reaped.</summary>
    public static bool Lives(int process)
    {
        try
        {
            // "pid (name) state ...": the name may hold blanks and parentheses.
            string status = File.ReadAllText($"/proc/{process}/stat");
            return status[status.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
