using System.Text;

namespace Daphne.Net.Cli;

/// <summary>Standard output and error as plain UTF-8 writers: no encoding detection, no terminal set-up.</summary>
static class StandardStreams
{
    static readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Line by line where a person watches, else in large blocks that whoever ends the process flushes.</summary>
    public static StreamWriter Output { get; } = new(OpenOutput(), utf8, 1 << 16) { AutoFlush = OperatingSystem.IsWindows() ? !Console.IsOutputRedirected : OutputStream.IsTerminal(1) };

    public static StreamWriter Error { get; } = new(OpenError(), utf8, 1 << 12) { AutoFlush = true };

    static Stream OpenError() => OperatingSystem.IsWindows() ? Console.OpenStandardError() : new OutputStream(2, mayFail: true);

    static Stream OpenOutput() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new OutputStream(1);
}
