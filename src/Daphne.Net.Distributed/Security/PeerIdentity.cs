using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Daphne.Net.Dialect;

namespace Daphne.Net.Distributed;

/// <summary>
/// What a member of a cluster shows the others and knows them by: its certificate with the key, and the certificate of the cluster's
/// <see cref="ClusterAuthority"/>. Whoever holds one may call workers and be one; it travels in a file only its owner can read.
/// </summary>
public sealed class PeerIdentity : IDisposable
{
    const string Suffix = ".daphne.internal";
    const int LongestFile = 64 << 10;

    internal PeerIdentity(string clusterId, X509Certificate2 certificate, X509Certificate2 authority) => (ClusterId, Certificate, Authority) = (clusterId, certificate, authority);

    /// <summary>The name of the cluster.</summary>
    public string ClusterId { get; }

    internal X509Certificate2 Certificate { get; }

    internal X509Certificate2 Authority { get; }

    /// <summary>The name its certificates stand for; it has no address.</summary>
    internal static string HostName(string clusterId) => clusterId.ToLowerInvariant() + Suffix;

    internal static string NameOf(string name) => string.Concat(name.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ' '));

    /// <summary>The text of the file: certificate, key and the authority's certificate, in PEM. A secret.</summary>
    public string ToPem()
    {
        using var key = Certificate.GetECDsaPrivateKey()!;
        return $"{Certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n{Authority.ExportCertificatePem()}\n";
    }

    /// <summary>Reads what <see cref="ToPem"/> wrote.</summary>
    /// <exception cref="RaisedException">Others can read the file, or it is no identity.</exception>
    public static PeerIdentity Read(string path)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)) != 0) throw Diag.IdentityFileOpen.Raise(path);
            return FromPem(new FileInfo(path).Length <= LongestFile ? File.ReadAllText(path) : "") ?? throw Diag.IdentityFileContent.Raise(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Diag.IdentityFileUnusable.Raise(path, e.Message);
        }
    }

    /// <summary>An identity from its text, as <see cref="ToPem"/> wrote it.</summary>
    /// <exception cref="ArgumentException">The text holds none.</exception>
    public static PeerIdentity FromText(string pem) => FromPem(pem) ?? throw new ArgumentException("the text holds no identity of a cluster", nameof(pem));

    /// <summary>Writes it to a new file only its owner can read.</summary>
    /// <exception cref="RaisedException">The file is there already, or cannot be written.</exception>
    public void Write(string path)
    {
        try
        {
            var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var writer = new StreamWriter(path, Encoding.ASCII, create);
            writer.Write(ToPem());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Diag.IdentityFileUnusable.Raise(path, e.Message);
        }
    }

    /// <summary>Why a certificate is not one of a member of this cluster; null where it is.</summary>
    internal string? Problem(X509Certificate2? peer)
    {
        if (peer is null) return "no certificate was shown";
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (!chain.Build(peer)) return $"the certificate is not of this cluster: {string.Join("; ", chain.ChainStatus.Select(s => s.StatusInformation.Trim()))}";
        return peer.MatchesHostname(HostName(ClusterId), allowWildcards: false, allowCommonName: false) ? null : "the certificate is of another cluster";
    }

    /// <inheritdoc/>
    public override string ToString() => $"an identity of cluster {ClusterId}";

    /// <summary>Forgets the key.</summary>
    public void Dispose()
    {
        Certificate.Dispose();
        Authority.Dispose();
    }

    static PeerIdentity? FromPem(string text)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPem(text);
            if (authorities.Count != 2) return null;
            using var leaf = X509Certificate2.CreateFromPem(text, text);
            string? host = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames()).FirstOrDefault(n => n.EndsWith(Suffix, StringComparison.Ordinal));
            if (host is null) return null;
            authorities[0].Dispose();
            // Through the store's own format: some platforms do not use a key that was only attached.
            return new(host[..^Suffix.Length], X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null), authorities[1]);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
