using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Daphne.Net.Distributed;

/// <summary>
/// The certificate authority of one cluster. It is made with the cluster and never leaves the process that made it; what it signs is good for this
/// cluster and no longer than the cluster may live.
/// </summary>
public sealed class ClusterAuthority : IDisposable
{
    // Clocks of machines that never heard of each other differ; a certificate that begins to be valid "now" would be refused by half of them.
    static readonly TimeSpan slack = TimeSpan.FromHours(24);

    readonly X509Certificate2 own;
    readonly DateTimeOffset from, until;

    /// <summary>Makes an authority.</summary>
    /// <param name="clusterId">The name of the cluster: letters, digits, <c>-</c>, at most 60.</param>
    /// <param name="validity">How long the cluster may live; certificates hold a day longer, for clocks that differ.</param>
    /// <param name="time">The clock. Default: the system's.</param>
    /// <exception cref="ArgumentException">The name is none.</exception>
    public ClusterAuthority(string clusterId, TimeSpan validity, TimeProvider? time = null)
    {
        if (clusterId.Length is 0 or > 60 || !clusterId.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) throw new ArgumentException($"'{clusterId}' is no name of a cluster", nameof(clusterId));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(validity, TimeSpan.Zero);
        var now = (time ?? TimeProvider.System).GetUtcNow();
        (ClusterId, from, until) = (clusterId, now - slack, now + validity + slack);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=daphne cluster {clusterId}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        own = request.CreateSelfSigned(from, until);
    }

    /// <summary>The name of the cluster.</summary>
    public string ClusterId { get; }

    /// <summary>A key and a certificate for a member of the cluster.</summary>
    /// <param name="name">Which member, for people who look at it.</param>
    public PeerIdentity Issue(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={PeerIdentity.NameOf(name)}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(PeerIdentity.HostName(ClusterId));
        request.CertificateExtensions.Add(names.Build(critical: true));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], critical: true));
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;      // a positive number
        using var signed = request.Create(own, from, until, serial);
        return new(ClusterId, signed.CopyWithPrivateKey(key), X509CertificateLoader.LoadCertificate(own.RawData));
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => own.Dispose();
}
