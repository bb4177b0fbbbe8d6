using System.Security.Cryptography;
using Daphne.Net.Data;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Distributed;

/// <summary>
/// What two processes compare to know that they look at the same file, and that it has not changed: how long it is, when it was written, and how it begins. A file that was copied
/// to another machine has another time and counts as another one.
/// </summary>
/// <param name="Length">In bytes.</param>
/// <param name="Written">When it was last written, in ticks of UTC as its file system says.</param>
/// <param name="Beginning">SHA-256 of its first 64 KiB, in hexadecimal digits.</param>
public readonly record struct FileStamp(long Length, long Written, string Beginning)
{
    const int Looked = 64 << 10;

    /// <summary>The stamp of an open file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FileStamp Of(SafeFileHandle file)
    {
        var (length, written) = (RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file).Ticks);
        byte[] beginning = new byte[(int)Math.Min(length, Looked)];
        int at = 0;
        for (int read = 1; read > 0 && at < beginning.Length; at += read) read = RandomAccess.Read(file, beginning.AsSpan(at), at);
        return new(length, written, Convert.ToHexStringLower(SHA256.HashData(beginning.AsSpan(0, at))));
    }
}

/// <summary>A file as the coordinator names it to workers that may share it.</summary>
/// <param name="Path">Its full path, without symbolic links.</param>
/// <param name="Stamp">What the worker must find there.</param>
public readonly record struct SharedFile(string Path, FileStamp Stamp);

/// <summary>Rows of a matrix or frame in a file, for a worker to read.</summary>
/// <param name="File">The file.</param>
/// <param name="Meta">What is known of all of it: shape and value type; with a schema a frame is wanted.</param>
/// <param name="Rows">Which rows.</param>
/// <param name="Mark">Of a <c>.csv</c> file: where to begin to look for them.</param>
/// <param name="Sparse">A sparse matrix where the format lists cells.</param>
public sealed record FileRange(SharedFile File, FileMetaData Meta, FileRows Rows, CsvMark Mark = default, bool Sparse = false);
