using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Daphne.Net.Deployment;

/// <summary>
/// The programs that run on other machines, in one archive: self-contained, so that no .NET is needed there. Its name is its content: a machine that has
/// an archive of this name has this archive.
/// </summary>
/// <param name="Path">Where the archive is on this machine (<c>.tar.gz</c>).</param>
/// <param name="Hash">The SHA-256 of the archive, in hexadecimal.</param>
public sealed record Bundle(string Path, string Hash)
{
    /// <summary>The program in the bundle: the <c>daphne</c> tool, which is a worker too.</summary>
    public const string Program = "daphne";

    const int NameDigits = 16;
    static readonly DateTimeOffset noTime = DateTimeOffset.UnixEpoch;

    /// <summary>What the bundle is called on other machines.</summary>
    public string Name => "daphne-" + Hash[..NameDigits];

    /// <summary>Packs a folder with the published tool. The same files make the same archive, whoever packs them and when.</summary>
    /// <param name="folder">What <c>dotnet publish --self-contained</c> wrote.</param>
    /// <param name="target">A folder for the archive, which is named after its content.</param>
    /// <exception cref="DeploymentException">The folder does not hold the tool.</exception>
    public static Bundle Pack(string folder, string target)
    {
        if (!File.Exists(System.IO.Path.Combine(folder, Program))) throw new DeploymentException(DeploymentFailure.FileMissing, $"{folder} does not hold the program '{Program}'; publish the tool into it first");
        Directory.CreateDirectory(target);
        string part = System.IO.Path.Combine(target, $"bundle.{Guid.NewGuid():n}.part");
        try
        {
            using (var file = File.Create(part))
            using (var packed = new GZipStream(file, CompressionLevel.Optimal))
            using (var tar = new TarWriter(packed, TarEntryFormat.Ustar))
                foreach (string path in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)) Add(tar, folder, path);
            var bundle = Of(part);
            string name = System.IO.Path.Combine(target, bundle.Name + ".tar.gz");
            File.Move(part, name, overwrite: true);
            return bundle with { Path = name };
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>An archive that was packed before.</summary>
    /// <exception cref="DeploymentException">It cannot be read.</exception>
    public static Bundle Of(string path)
    {
        using var file = RemoteFile.OpenLocal(path);
        return new(path, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    /// <summary>Puts it on a machine, if it is not there; a deployment does it by itself.</summary>
    /// <param name="shell">The machine.</param>
    /// <param name="folder">Our folder there; null for <c>$DAPHNE_HOME</c>, else <c>~/.daphne</c>. <c>~</c> is the home there.</param>
    /// <param name="sentBytes">Is told how much has been sent.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The program there, and whether anything was sent.</returns>
    /// <exception cref="DeploymentException">The machine is not reached, or there is no room, no right, or no <c>tar</c>.</exception>
    public async Task<(string Program, bool Sent)> InstallAsync(IShell shell, string? folder, IProgress<long>? sentBytes = null, CancellationToken ct = default) =>
        await BundleInstall.RunAsync(shell, this, await ClusterFolder.RootAsync(shell, folder, ct).ConfigureAwait(false), sentBytes, ct).ConfigureAwait(false);

    static void Add(TarWriter tar, string folder, string path)
    {
        string name = System.IO.Path.GetRelativePath(folder, path).Replace('\\', '/');
        using var content = File.OpenRead(path);
        bool runs = name == Program || name.EndsWith("createdump", StringComparison.Ordinal);
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = content, ModificationTime = noTime,
            Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead | (runs ? UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : 0),
        });
    }
}
