namespace Daphne.Net;

/// <summary>
/// The outermost edge of the tool and of worker processes: what nobody foresaw ends here, in one line that a user can act on instead of a stack trace.
/// </summary>
static class ProcessEdge
{
    /// <summary>The exit status after an error of ours.</summary>
    public const int InternalError = 4;

    /// <summary>Says that something failed inside; with <c>DAPHNE_DEBUG=1</c> in the environment also where.</summary>
    /// <returns>The exit status.</returns>
    public static int Report(Exception e, TextWriter error)
    {
        string message = e.Message.ReplaceLineEndings(" ");
        if (Environment.GetEnvironmentVariable("DAPHNE_DEBUG") is "1" or "true") error.Write($"{e}\n");
        error.Write($"internal error: {e.GetType().Name}: {message}; this is a fault of daphne, please report it with the script (DAPHNE_DEBUG=1 shows where it happened)\n");
        return InternalError;
    }

    /// <summary>The same for exceptions on threads that nobody waits for: they end the process.</summary>
    public static void Watch(TextWriter error) => AppDomain.CurrentDomain.UnhandledException += (_, e) =>
    {
        if (e.ExceptionObject is Exception exception) Environment.Exit(Report(exception, error));
    };
}
