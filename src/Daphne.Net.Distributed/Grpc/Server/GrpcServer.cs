using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Grpc.Core;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>
/// Services on one port over HTTP/2, in cleartext or with TLS on both sides. Kestrel without the rest of a web application: no configuration files, no environment variables, no
/// signal handlers, no routes but the methods bound.
/// </summary>
sealed class GrpcServer : IAsyncDisposable
{
    readonly WebApplication app;

    GrpcServer(WebApplication app, IPEndPoint endpoint) => (this.app, Endpoint) = (app, endpoint);

    /// <summary>Where it listens, with the real port.</summary>
    public IPEndPoint Endpoint { get; }

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<GrpcServer> StartAsync(GrpcServerOptions options, IEnumerable<Action<ServiceBinderBase>> services, CancellationToken ct)
    {
        var methods = new MethodTable(options);
        foreach (var bind in services) bind(methods);

        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, BigBlockPoolFactory>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        var app = builder.Build();
        app.Run(methods.HandleAsync);
        try
        {
            await app.StartAsync(ct).ConfigureAwait(false);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        var bound = new Uri(app.Urls.Single());
        return new(app, new IPEndPoint(options.Listen.Address, bound.Port));
    }

    /// <summary>Takes no more connections, lets calls under way end, cuts what is left when <paramref name="patience"/> is cancelled.</summary>
    public Task StopAsync(CancellationToken patience) => app.StopAsync(patience);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    static void Configure(KestrelServerOptions kestrel, GrpcServerOptions options)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = null;          // default 30 MB; our own limits are per message
        limits.MinRequestBodyDataRate = null;      // a client that computes between two chunks is no attack
        limits.MinResponseDataRate = null;
        // HttpClient assumes 100 streams until it hears otherwise; less breaks a cold burst of calls.
        limits.Http2.MaxStreamsPerConnection = 200;
        kestrel.Listen(options.Listen, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            if (options.Refusals is { } refusals) endpoint.Use(next => connection => GreetAsync(next, connection, refusals));
            if (options.Identity is { } identity) endpoint.UseHttps(Tls(identity, options.Refusals));
        });
    }

    // Who was refused again and again waits before each further try; a handshake costs us more than that.
    static async Task GreetAsync(ConnectionDelegate next, ConnectionContext connection, Refusals refusals)
    {
        if (refusals.IsTooOften(AddressOf(connection))) await Task.Delay(slowdown, connection.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await next(connection).ConfigureAwait(false);
    }

    static readonly TimeSpan slowdown = TimeSpan.FromMilliseconds(250);

    static IPAddress? AddressOf(ConnectionContext connection) => (connection.RemoteEndPoint as IPEndPoint)?.Address;

    static bool Admits(PeerIdentity identity, X509Certificate2? certificate, ConnectionContext connection, Refusals? refusals)
    {
        if (identity.Problem(certificate) is not { } problem) return true;
        refusals?.Add(AddressOf(connection), problem);
        return false;
    }

    static HttpsConnectionAdapterOptions Tls(PeerIdentity identity, Refusals? refusals) => new()
    {
        SslProtocols = SslProtocols.Tls13,
        ServerCertificate = identity.Certificate,
        // Instead of ClientCertificateMode: that asks only where a certificate was shown, and does not say whose connection it is.
        OnAuthenticate = (connection, tls) => (tls.ClientCertificateRequired, tls.RemoteCertificateValidationCallback) = (true, (_, certificate, _, _) => Admits(identity, certificate as X509Certificate2, connection, refusals)),
        HandshakeTimeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>The program that hosts us decides about signals.</summary>
    sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
