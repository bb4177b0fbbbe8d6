using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Daphne.Net.Distributed;

/// <summary>TLS 1.3 between members of a cluster, with certificates on both sides.</summary>
static class PeerTls
{
    // Names of machines say nothing here: a worker is where it says it is, and who it is its certificate says.
    public static SslClientAuthenticationOptions Client(PeerIdentity identity) => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        TargetHost = PeerIdentity.HostName(identity.ClusterId),
        ClientCertificates = [identity.Certificate],
        LocalCertificateSelectionCallback = (_, _, _, _, _) => identity.Certificate,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => identity.Problem(certificate as X509Certificate2) is { } problem ? throw new AuthenticationException(problem) : true,
    };

    public static SslServerAuthenticationOptions Server(PeerIdentity identity) => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        ServerCertificate = identity.Certificate,
        ClientCertificateRequired = true,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => identity.Problem(certificate as X509Certificate2) is null,
    };
}
