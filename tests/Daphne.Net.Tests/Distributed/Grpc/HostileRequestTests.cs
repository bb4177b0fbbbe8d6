using System.Net;
using System.Net.Http.Headers;
using Daphne.Net.Distributed.Grpc;

namespace Daphne.Net.Tests.Distributed.Grpc;

/// <summary>Requests no gRPC client sends.</summary>
public sealed class HostileRequestTests
{
    static async Task<(int Http, string? Status)> SendAsync(string address, Action<HttpRequestMessage> change, byte[]? body = null)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{address}/distributed.Worker/Compute")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(body ?? [0, 0, 0, 0, 0]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        change(request);
        using var response = await http.SendAsync(request, default);
        await response.Content.ReadAsByteArrayAsync();
        string? status = (response.Headers.TryGetValues("grpc-status", out var early) ? early : response.TrailingHeaders.TryGetValues("grpc-status", out var late) ? late : null)?.Single();
        return ((int)response.StatusCode, status);
    }

    [Fact]
    public async Task What_is_not_grpc_is_told_so_in_http()
    {
        await using var server = await ProbeServer.StartAsync();
        Assert.Equal((415, null), await SendAsync(server.Address, r => r.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/json")));
        Assert.Equal((415, null), await SendAsync(server.Address, r => r.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/grpcx")));
        Assert.Equal((415, null), await SendAsync(server.Address, r => r.Method = HttpMethod.Put));
        Assert.Equal((200, "0"), await SendAsync(server.Address, r => r.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/grpc+proto")));
    }

    [Fact]
    public async Task Strangers_learn_nothing_not_even_which_methods_there_are()
    {
        await using var server = await ProbeServer.StartAsync(token: "a token nobody knows");
        Assert.Equal((401, null), await SendAsync(server.Address, r => r.Content!.Headers.ContentType = new MediaTypeHeaderValue("text/html")));
        Assert.Equal((200, "16"), await SendAsync(server.Address, r => { }));
        Assert.Equal((200, "16"), await SendAsync(server.Address, r => r.RequestUri = new Uri($"http://{server.Address}/no.Such/Method")));
        Assert.Equal((200, "16"), await SendAsync(server.Address, r => r.Headers.TryAddWithoutValidation("authorization", "Basic a token nobody knows")));
        Assert.Equal(4, server.Gate!.Refused);
    }

    [Theory]
    [InlineData("grpc-timeout", "soon", "13")]
    [InlineData("grpc-timeout", "0n", "4")]
    [InlineData("grpc-encoding", "gzip", "12")]
    [InlineData("grpc-encoding", "identity", "0")]
    public async Task Headers_are_read_strictly(string name, string value, string status)
    {
        await using var server = await ProbeServer.StartAsync();
        var (http, found) = await SendAsync(server.Address, r => r.Headers.TryAddWithoutValidation(name, value), value == "0n" ? Wait() : null);
        Assert.Equal((200, status), (http, found));
    }

    [Theory]
    [InlineData("", "13")]                        // no message
    [InlineData("00000000", "13")]                // a cut head
    [InlineData("000000000a0a", "13")]            // a cut message
    [InlineData("010000000000", "13")]            // compressed
    [InlineData("00000000000000000000", "13")]    // two messages for a unary method
    [InlineData("000000000100", "13")]            // a bad tag
    [InlineData("00ffffffff", "8")]               // 4 GiB announced
    [InlineData("0000000000", "0")]
    public async Task Bodies_are_read_strictly(string hex, string status)
    {
        await using var server = await ProbeServer.StartAsync();
        Assert.Equal((200, status), await SendAsync(server.Address, r => { }, Convert.FromHexString(hex)));
    }

    [Fact]
    public async Task Random_bodies_end_in_a_status()
    {
        const int seed = 1618;
        var random = new Random(seed);
        await using var server = await ProbeServer.StartAsync();
        for (int round = 0; round < 100; round++)
        {
            var body = new byte[random.Next(40)];
            random.NextBytes(body);
            if (body.Length >= 5) (body[0], body[1], body[2], body[3], body[4]) = (0, 0, 0, 0, (byte)random.Next(body.Length));
            var (http, status) = await SendAsync(server.Address, r => { }, body);
            Assert.True(http == 200 && status is "0" or "8" or "13", $"{http} {status} for {Convert.ToHexString(body)} (seed {seed}, round {round})");
        }
    }

    static byte[] Wait() => [0, 0, 0, 0, 6, 10, 4, .. "wait"u8];
}
