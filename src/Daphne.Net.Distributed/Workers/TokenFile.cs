using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>
/// The secret that a user's coordinators and workers share on one machine: 256 bits in hexadecimal, in a file only the user can read. Workers and
/// coordinators of one account find each other's without a flag; elsewhere the file is copied and named with <c>--token-file</c>.
/// </summary>
public static partial class TokenFile
{
    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const int TokenBytes = 32, ShortestToken = 32, LongestToken = 4096;

    /// <summary><c>daphne/worker-token</c> in the user's state directory: <c>$XDG_STATE_HOME</c>, else <c>~/.local/state</c>; on Windows local application data.</summary>
    public static string DefaultPath => Path.Combine(StateDirectory(), "daphne", "worker-token");

    /// <summary>A new secret, for whoever starts workers and hands it to them.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));

    /// <summary>The secret in the file, which is made if it is not there. Of several processes that make it at once all get the same one.</summary>
    /// <param name="path">Default: <see cref="DefaultPath"/>.</param>
    /// <exception cref="RaisedException">Others can read the file, it holds no secret, or it cannot be read or made.</exception>
    public static string ReadOrCreate(string? path = null)
    {
        path ??= DefaultPath;
        if (!File.Exists(path)) Create(path);
        return Read(path);
    }

    /// <summary>The secret in the file.</summary>
    /// <exception cref="RaisedException">Others can read the file, it holds no secret, or it cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(Private | UnixFileMode.UserExecute)) is var open && open != 0)
                throw Diag.TokenFileOpen.Raise(path);
            var info = new FileInfo(path);
            string token = info.Length <= LongestToken ? File.ReadAllText(path).Trim() : "";
            if (token.Length < ShortestToken || token.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0) throw Diag.TokenFileContent.Raise(path);
            return token;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Diag.TokenFileUnusable.Raise(path, e.Message);
        }
    }

    // Written beside and then linked under its name: nobody ever sees half a secret, and the first of several wins.
    static void Create(string path)
    {
        string temporary = $"{path}.{Environment.ProcessId}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        try
        {
            MakeDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) create.UnixCreateMode = Private;
            using (var writer = new StreamWriter(temporary, create)) writer.Write(NewToken() + "\n");
            try
            {
                // Moving looks first and then replaces: two could do that at once. Not every file system has links.
                if (OperatingSystem.IsWindows() || Link(temporary, path) != 0) File.Move(temporary, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another one was first.
            }
            finally
            {
                File.Delete(temporary);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Diag.TokenFileUnusable.Raise(path, e.Message);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Link(string existing, string name);

    static void MakeDirectory(string directory)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, Private | UnixFileMode.UserExecute);
    }

    static string StateDirectory()
    {
        if (OperatingSystem.IsWindows()) return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        // The XDG rules: a relative path counts as not set. Not verified: a home that is not there would be "", and the secret would lie in the current directory.
        return Path.IsPathRooted(state) ? state : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".local", "state");
    }
}
