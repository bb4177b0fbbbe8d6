using System.Diagnostics;
using Daphne.Net.Data;
using Daphne.Net.Dialect;
using Daphne.Net.Distributed;
using Daphne.Net.Distributed.Grpc;
using Daphne.Net.Distributed.Protocol;
using Daphne.Net.Distributed.Protocol.Health;
using Daphne.Net.Distributed.Protocol.V1;
using Grpc.Core;
using Serving = Daphne.Net.Distributed.Protocol.Health.HealthCheckResponse.Types.ServingStatus;

namespace Daphne.Net.Tests.Distributed.Workers;

public sealed class WorkerHostTests
{
    static readonly CallBudget budget = new(TimeSpan.FromSeconds(60));
    static readonly string token = TokenFile.NewToken();

    static WorkerHostOptions Local => new() { Listen = "127.0.0.1:0", Token = token };

    static Task<WorkerHost> StartAsync(WorkerHostOptions options, ScriptedFragments? fragments = null) =>
        WorkerHost.StartAsync(options, (fragments ?? new()).Run, default);

    [Fact]
    public async Task It_says_where_it_listens()
    {
        var output = new StringWriter();
        await using var host = await StartAsync(Local with { Listen = "localhost:0", Output = output });
        Assert.Matches("^localhost:[1-9][0-9]*$", host.Address);
        Assert.Equal($"Started Distributed Worker on {host.Address}{Environment.NewLine}", output.ToString());
    }

    [Theory]
    [InlineData("127.0.0.1", "DPH5104")]
    [InlineData("127.0.0.1:", "DPH5104")]
    [InlineData("127.0.0.1:65536", "DPH5104")]
    [InlineData("127.0.0.1:-1", "DPH5104")]
    [InlineData("::1:50051", "DPH5104")]
    [InlineData(":50051", "DPH5104")]
    [InlineData("no.such.host.invalid:1", "DPH5104")]
    [InlineData("0.0.0.0:0", "DPH5105")]
    [InlineData("[::]:0", "DPH5105")]
    [InlineData("10.0.0.1:0", "DPH5105")]
    public async Task Addresses_that_are_none_or_too_open_are_refused(string listen, string code) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RaisedException>(() => StartAsync(Local with { Listen = listen }))).Def.Code);

    [Fact]
    public async Task It_listens_on_the_other_loopback_too()
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "this machine has no IPv6");
        await using var host = await StartAsync(Local with { Listen = "[::1]:0" });
        Assert.StartsWith("[::1]:", host.Address);
        await using var client = new GrpcWorkerClient(host.Address, new() { Token = token });
        Assert.False((await client.HelloAsync(budget, default)).Foreign);
    }

    [Fact]
    public async Task A_taken_port_is_refused()
    {
        await using var first = await StartAsync(Local);
        var e = await Assert.ThrowsAsync<RaisedException>(() => StartAsync(Local with { Listen = first.Address }));
        Assert.Equal("DPH5106", e.Def.Code);
        Assert.Contains(first.Address, e.Message);
    }

    [Fact]
    public async Task Without_a_token_it_needs_consent_and_then_takes_everybody()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(Local with { Token = null }));
        await using var host = await StartAsync(Local with { Token = null, AllowInsecure = true });
        await using var client = new GrpcWorkerClient(host.Address, new() { AllowInsecure = true });
        Assert.False((await client.HelloAsync(budget, default)).Foreign);
    }

    [Fact]
    public async Task Health_says_serving_and_then_not()
    {
        await using var host = await StartAsync(Local);
        using var channel = GrpcChannel.ForAddress(host.Address, new() { BearerToken = token });
        var client = new Health.HealthClient(channel);
        Assert.Equal(Serving.Serving, (await client.CheckAsync(new() { Service = "distributed.Worker" })).Status);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(async () => await client.CheckAsync(new() { Service = "nobody" }))).StatusCode);
        using var watch = client.Watch(new());
        Assert.True(await watch.ResponseStream.MoveNext(default));
        Assert.Equal(Serving.Serving, watch.ResponseStream.Current.Status);
        var stopping = host.StopAsync();
        Assert.True(await watch.ResponseStream.MoveNext(default));
        Assert.Equal(Serving.NotServing, watch.ResponseStream.Current.Status);
        Assert.False(await watch.ResponseStream.MoveNext(default));
        await stopping.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Stopping_lets_calls_under_way_end()
    {
        var fragments = new ScriptedFragments();
        await using var host = await StartAsync(Local, fragments);
        await using var client = new GrpcWorkerClient(host.Address, new() { Token = token });
        await client.HelloAsync(budget, default);
        var computing = client.ComputeAsync(new("wait", 0), [], budget, default).AsTask();
        await fragments.Begun;
        var stopping = host.StopAsync();
        Assert.False(stopping.IsCompleted);
        Assert.Same(stopping, host.StopAsync());   // whoever asks again waits for the same end
        fragments.Go.Set();
        Assert.Empty(await computing);
        await stopping.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task It_ends_when_told()
    {
        await using var host = await StartAsync(Local);
        using var stop = new CancellationTokenSource();
        var running = host.RunAsync(stop.Token);
        await stop.CancelAsync();
        Assert.Equal(WorkerStop.Requested, await running.WaitAsync(TimeSpan.FromSeconds(60)));
        await using var other = await StartAsync(Local);
        running = other.RunAsync(default);
        await other.StopAsync();
        Assert.Equal(WorkerStop.Requested, await running.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task It_ends_with_its_input()
    {
        await using var host = await StartAsync(Local with { Input = new StringReader("ignored\n") });
        Assert.Equal(WorkerStop.ParentGone, await host.RunAsync(default).WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task It_ends_with_its_parent()
    {
        using var parent = Process.Start(new ProcessStartInfo("sleep", "60"))!;
        // The parent of this test began after us: a process that could not have started us does not count as alive.
        await using var orphan = await StartAsync(Local with { ParentProcessId = parent.Id });
        Assert.Equal(WorkerStop.ParentGone, await orphan.RunAsync(default).WaitAsync(TimeSpan.FromSeconds(60)));
        parent.Kill();
        // Process 1 began before us and lives.
        await using var host = await StartAsync(Local with { ParentProcessId = 1 });
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Assert.Equal(WorkerStop.Requested, await host.RunAsync(stop.Token).WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task It_ends_after_silence_but_not_before()
    {
        var time = new ManualTime();
        await using var host = await StartAsync(Local with { DeadMan = TimeSpan.FromMinutes(1), Time = time });
        var running = host.RunAsync(default);
        for (int i = 0; i < 55; i++) time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(running.IsCompleted);
        await using (var client = new GrpcWorkerClient(host.Address, new() { Token = token })) await client.HelloAsync(budget, default);
        for (int i = 0; i < 55; i++) time.Advance(TimeSpan.FromSeconds(1));
        await Task.Yield();
        Assert.False(running.IsCompleted);
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }
        Assert.Equal(WorkerStop.Silence, await running);
    }

    [Fact]
    public async Task A_value_that_comes_slowly_is_no_silence_but_ends_with_its_session()
    {
        var time = new ManualTime();
        await using var host = await StartAsync(Local with { DeadMan = TimeSpan.FromMinutes(1), Time = time });
        var running = host.RunAsync(default);
        using var channel = GrpcChannel.ForAddress(host.Address, new() { BearerToken = token });
        var control = new Control.ControlClient(channel);
        var session = await control.OpenSessionAsync(new());
        var value = TestValues.Matrix(ValueTypeCode.F64, 10, 10, seed: 1);
        Metadata headers = new() { { Keys.Session, session.Session } };
        using (var call = channel.CreateCallInvoker().AsyncClientStreamingCall(BulkMethods.SendStore, null, new(headers)))
        {
            foreach (var bytes in ValueWriter.Messages(value, 200))
            {
                await call.RequestStream.WriteAsync(new OutgoingBytes(bytes));
                await Task.Delay(30);
                for (int i = 0; i < 40; i++) time.Advance(TimeSpan.FromSeconds(1));
            }
            await call.RequestStream.CompleteAsync();
            Assert.Equal(10ul, (await call).NumRows);
        }
        Assert.False(running.IsCompleted);
        using (var call = channel.CreateCallInvoker().AsyncClientStreamingCall(BulkMethods.SendStore, null, new(headers)))
        {
            var messages = ValueWriter.Messages(value, 200).ToArray();
            await call.RequestStream.WriteAsync(new OutgoingBytes(messages[0]));
            await control.CloseSessionAsync(new() { Session = session.Session });
            var e = await Assert.ThrowsAsync<RpcException>(async () =>
            {
                foreach (var bytes in messages.Skip(1).Take(2)) await call.RequestStream.WriteAsync(new OutgoingBytes(bytes));
                await call.ResponseAsync.WaitAsync(TimeSpan.FromSeconds(60));
            });
            Assert.Equal((StatusCode.NotFound, "the session has ended"), (e.StatusCode, e.Status.Detail));
        }
        TestValues.Release(value);
        await host.StopAsync();
        await running;
    }
}
