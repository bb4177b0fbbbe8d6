using System.Text;

namespace Daphne.Net.Cli;

/// <summary>Standard output and error as plain UTF-8 writers: no encoding detection, no terminal set-up, flushed by whoever ends the process.</summary>
static class StandardStreams
{
    static readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static StreamWriter Output { get; } = new(Console.OpenStandardOutput(), utf8, 1 << 16) { AutoFlush = false };

    public static StreamWriter Error { get; } = new(Console.OpenStandardError(), utf8, 1 << 12) { AutoFlush = true };
}
