using Daphne.Net.Dialect;

namespace Daphne.Net.Data;

/// <summary>Files as scripts meet them: what the system refuses becomes a diagnostic that names the path.</summary>
static class FileAccess
{
    public static byte[] ReadAll(string path)
    {
        using var handle = OpenRead(path);
        byte[] bytes = new byte[RandomAccess.GetLength(handle)];
        int length = Guard(path, () => ReadFully(handle, bytes, 0));
        return length == bytes.Length ? bytes : bytes[..length];
    }

    public static Microsoft.Win32.SafeHandles.SafeFileHandle OpenRead(string path)
    {
        if (Directory.Exists(path)) throw Diag.FileIsFolder.Raise(path);
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Diag.FileMissing.Raise(path, Directory.GetCurrentDirectory());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Diag.FileUnreadable.Raise(path, e.Message);
        }
    }

    /// <summary>Reads until the span is full or the file ends; returns the number of bytes.</summary>
    public static int ReadFully(Microsoft.Win32.SafeHandles.SafeFileHandle handle, Span<byte> bytes, long offset)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            int read = RandomAccess.Read(handle, bytes[at..], offset + at);
            if (read == 0) break;
            at += read;
        }
        return at;
    }

    static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (IOException e)
        {
            throw Diag.FileUnreadable.Raise(path, e.Message);
        }
    }
}
