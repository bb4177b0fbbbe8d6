using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>Files as scripts meet them: what the system refuses becomes a diagnostic that names the path.</summary>
static class FileAccess
{
    public static byte[] ReadAll(string path)
    {
        using var handle = OpenRead(path);
        byte[] bytes = new byte[RandomAccess.GetLength(handle)];
        int length = ReadFully(handle, path, bytes, 0);
        return length == bytes.Length ? bytes : bytes[..length];
    }

    public static SafeFileHandle OpenRead(string path)
    {
        if (Directory.Exists(path)) throw Missing(path);
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Missing(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Diag.FileUnreadable.Raise(path, e.Message);
        }
    }

    public static RaisedException Missing(string path) =>
        Directory.Exists(path) ? Diag.FileIsFolder.Raise(path) : Diag.FileMissing.Raise(path, Directory.GetCurrentDirectory());

    /// <summary>Reads until the span is full or the file ends; returns the number of bytes.</summary>
    public static int ReadFully(SafeFileHandle handle, string path, Span<byte> bytes, long offset)
    {
        int at = 0;
        try
        {
            for (int read = 1; read > 0 && at < bytes.Length; at += read) read = RandomAccess.Read(handle, bytes[at..], offset + at);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Diag.FileUnreadable.Raise(path, e.Message);
        }
        return at;
    }
}
