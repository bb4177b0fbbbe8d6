using System.Net;
using System.Net.Http;
using Grpc.Core;

namespace Daphne.Net.Distributed.Grpc;

/// <summary>A way to one server over HTTP/2. Connections come up with the first call and again after they broke; thread-safe.</summary>
sealed class GrpcChannel : ChannelBase, IDisposable
{
    // HttpMessageInvoker, not HttpClient: that has a timeout of its own (100 s).
    readonly HttpMessageInvoker http;
    readonly CancellationTokenSource closed = new();

    GrpcChannel(Uri address, GrpcChannelOptions options)
    {
        (Address, Options) = (address, options);
        http = new HttpMessageInvoker(NewHandler(options));
    }

    public Uri Address { get; }

    public GrpcChannelOptions Options { get; }

    /// <summary>Cancelled when the channel is disposed: calls still under way end.</summary>
    public CancellationToken Closed => closed.Token;

    /// <summary>A channel to <c>host:port</c> over HTTP/2: with TLS where the options have an identity, else in cleartext with prior knowledge.</summary>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions options) => new(new Uri((options.Identity is null ? "http://" : "https://") + address), options);

    public override CallInvoker CreateCallInvoker() => new GrpcCallInvoker(this);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) => http.SendAsync(request, ct);

    public void Dispose()
    {
        closed.Cancel();
        http.Dispose();
    }

    static SocketsHttpHandler NewHandler(GrpcChannelOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,   // a server allows about 100 calls per connection
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            ConnectTimeout = options.ConnectTimeout,
            MaxResponseHeadersLength = 64,           // KiB
        };
        if (options.Connect is { } connect) handler.ConnectCallback = (context, ct) => connect(context.DnsEndPoint.Host, context.DnsEndPoint.Port, ct);
        if (options.Identity is { } identity) handler.SslOptions = PeerTls.Client(identity);
        if (options.KeepAlive is { } delay)
        {
            handler.KeepAlivePingDelay = delay;
            handler.KeepAlivePingTimeout = options.KeepAliveTimeout;
            handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        }
        return handler;
    }
}
