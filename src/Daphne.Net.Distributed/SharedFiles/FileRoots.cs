using System.Runtime.InteropServices;
using Daphne.Net.Data;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Distributed;

/// <summary>
/// The folders a worker may read files in. A path from a peer is opened only if it leads below one of them after every symbolic link is followed, and only if a regular file is
/// there; what was opened is looked at once more, so that nothing can be swapped in between. Outside of them all answers are the same, whatever is there.
/// </summary>
sealed partial class FileRoots
{
    readonly string[] named, real;

    /// <param name="folders">Relative ones count from the current directory. None: nothing may be read.</param>
    public FileRoots(IEnumerable<string> folders)
    {
        named = [.. folders.Select(folder => Ended(Path.GetFullPath(folder)))];
        real = [.. named.Select(folder => Ended(RealPath.Of(folder.Length > 1 ? folder[..^1] : folder)))];
    }

    /// <summary>True where a worker reads files: there are folders, and the system tells what a file really is.</summary>
    public bool IsOffered => real.Length > 0 && OperatingSystem.IsLinux();

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="WorkerRefusal">It does not lie below a folder that may be read; or it is not there, no regular file, or cannot be read.</exception>
    public SafeFileHandle Open(string path)
    {
        // Before anything is asked of the file system.
        if (!IsOffered || !Path.IsPathFullyQualified(path) || path.Contains('\0') || !IsBelow(Path.GetFullPath(path), named, real)) throw Denied();
        string resolved = RealPath.Of(path);
        if (!IsBelow(resolved, real)) throw Denied();
        // Opening a device may do something, opening a pipe may wait for ever: neither is opened, and what has become one since then does not make us wait.
        if (KindOf(AtCurrentFolder, resolved, NoFollow) is not RegularFile) throw NotThere();
        int descriptor = OpenDescriptor(resolved, NonBlocking | CloseOnExec);
        if (descriptor < 0) throw NotThere();
        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            if (KindOf(descriptor, "", EmptyPath) is not RegularFile) throw NotThere();
            if (File.ResolveLinkTarget($"/proc/self/fd/{descriptor}", returnFinalTarget: false)?.FullName is not { } opened || !IsBelow(opened, real)) throw Denied();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    static WorkerRefusal Denied() => new(WorkerFailure.FileDenied, "the worker may not read this file");

    static WorkerRefusal NotThere() => new(WorkerFailure.FileUnlike, "the worker finds no file there that it can read");

    static bool IsBelow(string path, params string[][] folders) => folders.Any(set => set.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)));

    static string Ended(string folder) => folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;

    // Linux, the same on all its machines: statx was made so.
    const int AtCurrentFolder = -100, NoFollow = 0x100, EmptyPath = 0x1000, NonBlocking = 0x800, CloseOnExec = 0x80000;
    const int KindMask = 0xF000, RegularFile = 0x8000;

    static int? KindOf(int folder, string path, int flags)
    {
        const uint wantedMode = 1;   // STATX_TYPE
        const int length = 256, modeAt = 28;
        Span<byte> found = stackalloc byte[length];
        return StatX(folder, path, flags, wantedMode, ref MemoryMarshal.GetReference(found)) == 0 ? MemoryMarshal.Read<ushort>(found[modeAt..]) & KindMask : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatX(int folder, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenDescriptor(string path, int flags);
}
