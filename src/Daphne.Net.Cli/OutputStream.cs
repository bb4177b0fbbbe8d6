using System.Runtime.InteropServices;

namespace Daphne.Net.Cli;

/// <summary>
/// Writes to a file descriptor and says when nobody reads any more. The console's own stream ignores that, so <c>daphne endless.daphne | head</c> would
/// run for ever; a <see cref="FileStream"/> keeps a position of its own, so two programs with one output file would overwrite each other.
/// </summary>
/// <param name="descriptor">1 or 2.</param>
/// <param name="mayFail">What cannot be written is dropped: there is nowhere left to complain.</param>
sealed unsafe partial class OutputStream(int descriptor, bool mayFail = false) : Stream
{
    // The console class would say so too, and take 3 ms to start.
    /// <summary>True where a person watches a file descriptor.</summary>
    public static bool IsTerminal(int descriptor) => IsATty(descriptor) == 1;

    /// <summary>
    /// Takes line ends as they are: mpirun of Open MPI gives its ranks a terminal as output, which would make two characters of each, and passes on what
    /// comes out of it.
    /// </summary>
    public static void KeepLineEnds(int descriptor)
    {
        if (!OperatingSystem.IsLinux()) return;
        uint* settings = stackalloc uint[32];   // a struct termios: the second word is c_oflag
        if (GetAttributes(descriptor, settings) != 0) return;
        settings[1] &= ~PostProcess;
        SetAttributes(descriptor, 0, settings);
    }

    const uint PostProcess = 1;
    const int BrokenPipe = 32, Interrupted = 4, TryAgain = 11;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="OutputException">Nobody reads any more, or there is no room.</exception>
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            nint written;
            fixed (byte* first = bytes) written = Write(descriptor, first, bytes.Length);
            if (written >= 0) bytes = bytes[(int)written..];
            else if (Marshal.GetLastPInvokeError() is not Interrupted and var problem)
            {
                // A terminal or pipe that another program made non-blocking: the runtime's own stream waits for it.
                if (problem == TryAgain) (descriptor == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError()).Write(bytes);
                else if (!mayFail) throw new OutputException(Marshal.GetPInvokeErrorMessage(problem), problem == BrokenPipe);
                return;
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, byte* bytes, nint count);

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsATty(int descriptor);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int descriptor, uint* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int descriptor, int when, uint* settings);
}

/// <summary>Standard output takes no more.</summary>
sealed class OutputException(string message, bool closed) : IOException(message)
{
    /// <summary>True if the reader has gone, as <c>head</c> does once it has seen enough: nothing to complain of.</summary>
    public bool Closed => closed;
}
