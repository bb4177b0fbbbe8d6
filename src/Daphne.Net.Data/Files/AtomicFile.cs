using System.Globalization;
using System.Text;
using Daphne.Net.Dialect;
using Microsoft.Win32.SafeHandles;

namespace Daphne.Net.Data;

/// <summary>Writes a data file and its <c>.meta</c> file under other names and renames them when they are whole: nobody ever reads half a file.</summary>
static class AtomicFile
{
    static int count;

    /// <summary>Replaces or creates both files.</summary>
    /// <exception cref="RaisedException">The system refuses it.</exception>
    public static void Write(string path, FileMetaData meta, Action<SafeFileHandle> write)
    {
        if (Directory.Exists(path)) throw Diag.FileIsFolder.Raise(path);
        string aside = Path.Combine(Path.GetDirectoryName(path) ?? "", string.Create(CultureInfo.InvariantCulture,
            $".{Path.GetFileName(path)}.{Environment.ProcessId}-{Interlocked.Increment(ref count)}"));
        string asideMeta = aside + FileMetaData.Extension;
        try
        {
            using (var file = File.OpenHandle(aside, FileMode.CreateNew, System.IO.FileAccess.Write)) write(file);
            File.WriteAllBytes(asideMeta, Encoding.UTF8.GetBytes(meta.ToJson()));
            File.Move(aside, path, overwrite: true);
            File.Move(asideMeta, path + FileMetaData.Extension, overwrite: true);
        }
        catch (Exception e)
        {
            foreach (string left in (string[])[aside, asideMeta])
                if (File.Exists(left)) File.Delete(left);
            if (e is IOException or UnauthorizedAccessException or ArgumentException) throw Diag.FileUnwritable.Raise(path, e.Message);
            throw;
        }
    }
}
