using Microsoft.Extensions.Logging;

namespace Daphne.Net.Distributed;

/// <summary>
/// A log that cannot be flooded: of each event so many a second are written, and behind them how many were not. Whoever can make a worker say something can do so a million times.
/// Thread-safe.
/// </summary>
/// <param name="inner">Where it is written.</param>
/// <param name="time">Measures the second.</param>
sealed class BoundedLog(ILogger inner, TimeProvider time) : ILogger
{
    /// <summary>Of one event in one second.</summary>
    public const int MostPerSecond = 20;

    static readonly TimeSpan window = TimeSpan.FromSeconds(1);

    readonly Lock gate = new();
    readonly Dictionary<int, (long Since, int Written, long Dropped)> events = [];   // there are as many as there are kinds of event
    long dropped;

    /// <summary>What was not written so far.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel level) => inner.IsEnabled(level);

    public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format)
    {
        if (!inner.IsEnabled(level)) return;
        long leftOut;
        lock (gate)
        {
            var (since, written, missing) = events.GetValueOrDefault(id.Id);
            leftOut = 0;
            if (written == 0 || time.GetElapsedTime(since) > window) (since, written, leftOut, missing) = (time.GetTimestamp(), 0, missing, 0);
            bool write = written < MostPerSecond;
            events[id.Id] = write ? (since, written + 1, missing) : (since, written, missing + 1);
            if (!write)
            {
                Interlocked.Increment(ref dropped);
                return;
            }
        }
        if (leftOut > 0) DistributedLog.LeftOut(inner, leftOut, id.Id);
        inner.Log(level, id, state, exception, format);
    }
}
