using System.Globalization;
using System.Security.Cryptography;

namespace Daphne.Net.Deployment;

/// <summary>
/// How a file gets to a machine: through a command that reads its standard input. It works wherever a command works (sftp and scp do not, on some
/// sites), and measured as fast as they are.
/// </summary>
static class RemoteFile
{
    /// <exception cref="DeploymentException">There is no such file here.</exception>
    public static FileStream OpenLocal(string path)
    {
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DeploymentException(DeploymentFailure.FileMissing, $"cannot read {path}: {e.Message}", e);
        }
    }

    public static async Task<string> HashAsync(Stream source, CancellationToken ct)
    {
        string hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(source, ct).ConfigureAwait(false));
        source.Position = 0;
        return hash;
    }

    public static async Task<bool> PutAsync(IShell shell, UploadedFile file, Stream source, string hash, IProgress<long>? sentBytes, CancellationToken ct)
    {
        string path = ShellQuote.Word(file.RemotePath), doing = $"writing {file.RemotePath}";
        string there = (await shell.RunAsync(new($"if [ -f {path} ]; then sha256sum < {path}; fi"), ct).ConfigureAwait(false)).Demand($"looking for {file.RemotePath}", shell.Name);
        if (there.Split(' ')[0] == hash) return false;
        // Under another name until it is whole: whoever looks at the right moment must not find half of it.
        string part = ShellQuote.Word($"{file.RemotePath}.{Guid.NewGuid():n}.part"), folder = ShellQuote.Word(Path.GetDirectoryName(file.RemotePath) is { Length: > 0 } f ? f : "/");
        var write = new ShellCommand($$"""
            umask 077; part={{part}}
            mkdir -p {{folder}} || exit 1
            trap 'rm -f "$part"' EXIT; trap 'exit 1' HUP INT TERM PIPE
            cat > "$part" || exit 1
            [ "$(wc -c < "$part" | tr -d ' ')" = {{source.Length.ToString(CultureInfo.InvariantCulture)}} ] || { echo 'the copy is shorter than the file' >&2; exit 1; }
            [ "$(sha256sum < "$part" | cut -d' ' -f1)" = {{hash}} ] || { echo 'the copy has another content than the file' >&2; exit 1; }
            chmod {{(file.Executable ? "700" : "600")}} "$part" && sync "$part" && mv -f "$part" {{path}} || exit 1
            trap - EXIT
            """) { Input = sentBytes is null ? source : new CountedStream(source, sentBytes), Timeout = TimeSpan.FromMinutes(30) };
        (await shell.RunAsync(write, ct).ConfigureAwait(false)).Demand(doing, shell.Name);
        return true;
    }
}
