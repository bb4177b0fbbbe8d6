using Microsoft.Extensions.Logging;

namespace Daphne.Net.Distributed;

/// <summary>Every log event of this room; numbers are never reused.</summary>
static partial class DistributedLog
{
    [LoggerMessage(5001, LogLevel.Error, "{Method} failed inside")]
    public static partial void HandlerFailed(ILogger log, Exception e, string method);
}
