using System.Runtime.InteropServices;

namespace Daphne.Net.Cli;

/// <summary>
/// The first Ctrl-C (or SIGTERM, or a closed terminal) stops the script and what it computes on workers, so that what it has printed is still written;
/// a second one ends the process at once.
/// </summary>
sealed class StopSignals : IDisposable
{
    // Programs that run us often pass on a signal that our process group got too: that is one wish, not two.
    static readonly TimeSpan same = TimeSpan.FromSeconds(0.5);

    readonly CancellationTokenSource stop = new();
    readonly PosixSignalRegistration[] registrations;
    long first;

    public StopSignals() => registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Received), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Received), PosixSignalRegistration.Create(PosixSignal.SIGHUP, Received),
    ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => stop.Token;

    /// <summary>The exit status that shells give to a process which a signal has ended: 128 and its number.</summary>
    public int ExitStatus { get; private set; } = 130;

    void Received(PosixSignalContext context)
    {
        if (stop.IsCancellationRequested)
        {
            context.Cancel = TimeProvider.System.GetElapsedTime(first) < same;
            return;
        }
        context.Cancel = true;
        first = TimeProvider.System.GetTimestamp();
        ExitStatus = context.Signal switch { PosixSignal.SIGTERM => 143, PosixSignal.SIGHUP => 129, _ => 130 };
        stop.Cancel();
    }

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        stop.Dispose();
    }
}
