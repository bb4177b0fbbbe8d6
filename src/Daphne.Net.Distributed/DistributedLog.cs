using Microsoft.Extensions.Logging;

namespace Daphne.Net.Distributed;

/// <summary>Every log event of this room; numbers are never reused.</summary>
static partial class DistributedLog
{
    [LoggerMessage(5001, LogLevel.Error, "{Method} failed inside")]
    public static partial void HandlerFailed(ILogger log, Exception e, string method);

    [LoggerMessage(5002, LogLevel.Warning, "a session's client fell silent; freed {Values} values, {Bytes} bytes")]
    public static partial void SessionExpired(ILogger log, long values, long bytes);

    [LoggerMessage(5003, LogLevel.Warning, "{Address} is a worker of the original: no token, no encryption, by consent")]
    public static partial void ForeignWorker(ILogger log, string address);

    [LoggerMessage(5004, LogLevel.Warning, "the session on {Address} could not be closed: {Detail}")]
    public static partial void SessionNotClosed(ILogger log, string address, string detail);

    [LoggerMessage(5005, LogLevel.Warning, "the worker on {Address} is open {How}, by consent")]
    public static partial void Insecure(ILogger log, string address, string how);

    [LoggerMessage(5006, LogLevel.Information, "the worker on {Address} stops: {Reason}")]
    public static partial void Stopping(ILogger log, string address, WorkerStop reason);

    [LoggerMessage(5007, LogLevel.Error, "a fragment failed inside")]
    public static partial void FragmentCrashed(ILogger log, Exception e);

    [LoggerMessage(5008, LogLevel.Debug, "{Method} from {Peer}: {Status}, {Milliseconds} ms")]
    public static partial void CallEnded(ILogger log, string method, string peer, string status, double milliseconds);

    [LoggerMessage(5009, LogLevel.Warning, "no connection for values to {Address}: {Detail}; they go over gRPC, which takes longer")]
    public static partial void PlaneNotReached(ILogger log, string address, string detail);

    [LoggerMessage(5010, LogLevel.Debug, "a connection for values ended: {Detail}")]
    public static partial void PlaneConnectionEnded(ILogger log, string detail);

    [LoggerMessage(5011, LogLevel.Warning, "a connection for values could not be taken: {Detail}")]
    public static partial void PlaneAccept(ILogger log, string detail);

    [LoggerMessage(5012, LogLevel.Warning, "the worker on {Address} offers no connections for values: {Detail}")]
    public static partial void PlaneNotOffered(ILogger log, string address, string detail);

    [LoggerMessage(5020, LogLevel.Information, "{Address}: {Health}, generation {Generation}")]
    public static partial void HealthChanged(ILogger log, string address, WorkerHealth health, int generation);

    [LoggerMessage(5021, LogLevel.Information, "{Address}: the call was cut and is made again: {Detail}")]
    public static partial void CallRepeated(ILogger log, string address, string detail);

    [LoggerMessage(5022, LogLevel.Warning, "memory: {Before}, now {Level}: {Used} of {Total} bytes are in use")]
    public static partial void MemoryLevelChanged(ILogger log, MemoryLevel before, MemoryLevel level, long used, long total);

    [LoggerMessage(5023, LogLevel.Warning, "a coordinator of generation {Generation} has claimed the worker; {Sessions} sessions have ended with that")]
    public static partial void Claimed(ILogger log, long generation, int sessions);

    [LoggerMessage(5024, LogLevel.Warning, "port {Port} is taken; the next one is tried")]
    public static partial void PortTaken(ILogger log, int port);

    [LoggerMessage(5025, LogLevel.Warning, "a caller from {Address} was refused: {Why} ({Count} of this address within a minute)")]
    public static partial void CallerRefused(ILogger log, System.Net.IPAddress address, string why, int count);

    [LoggerMessage(5026, LogLevel.Warning, "{Count} more messages of event {Event} were left out")]
    public static partial void LeftOut(ILogger log, long count, int @event);
}
