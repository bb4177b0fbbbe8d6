using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Daphne.Net.Deployment;

/// <summary>A program of this machine that runs to its end: fed, listened to, bounded in time and in what is kept of its words.</summary>
static class ChildProcess
{
    // More than any answer we ask for; what a login script prints in a loop must not fill our memory.
    internal const int MostKept = 16 << 20;

    /// <summary>Starts a program. Its words are separate: no shell looks at them.</summary>
    /// <exception cref="DeploymentException">It is not there or cannot be started.</exception>
    public static Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new DeploymentException(DeploymentFailure.StartFailed, $"cannot start '{program}': {e.Message}; is it installed and on the PATH?", e);
        }
    }

    /// <summary>Where a program is: itself if it is a path, else the one on the PATH; null where there is none.</summary>
    public static string? Find(string program) => program.Contains('/') ? File.Exists(program) ? program : null
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Feeds a process, collects what it says, waits for its end. Cancelled, or late, it is killed.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public static async Task<ShellResult> CompleteAsync(Process process, Stream? input, Action<string>? onLine, CancellationToken ct)
    {
        try
        {
            var output = ReadAsync(process.StandardOutput, onLine);
            var error = ReadAsync(process.StandardError, null);
            var feeding = FeedAsync(process, input, ct);
            await process.WaitForExitAsync(ct).ConfigureAwait(false);
            await feeding.ConfigureAwait(false);
            return new(process.ExitCode, await output.WaitAsync(ct).ConfigureAwait(false), await error.WaitAsync(ct).ConfigureAwait(false));
        }
        finally
        {
            Kill(process);
            process.Dispose();
        }
    }

    /// <summary>Ends a process that has not ended.</summary>
    public static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the signal.
        }
    }

    static async Task FeedAsync(Process process, Stream? input, CancellationToken ct)
    {
        try
        {
            if (input is not null) await input.CopyToAsync(process.StandardInput.BaseStream, 1 << 18, ct).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It did not want all of it; its exit status says what that means.
        }
    }

    static async Task<string> ReadAsync(StreamReader reader, Action<string>? onLine)
    {
        var kept = new StringBuilder();
        if (onLine is not null)
        {
            while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line) onLine(line);
            return "";
        }
        char[] buffer = new char[4096];
        for (int n; (n = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
            if (kept.Length < MostKept) kept.Append(buffer, 0, n);
        return kept.ToString();
    }
}
